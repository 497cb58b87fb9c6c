import { DOMException } from './dom-exception.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Bytes, one in each character, as base64. */
export function btoa(data: unknown): string {
  const text = `${data}`
  let result = ''
  for (let at = 0; at < text.length; at += 3) {
    const codes = [0, 1, 2].map((offset) => (at + offset < text.length ? text.charCodeAt(at + offset) : 0))
    if (codes.some((code) => code > 255)) throw invalid('The text has characters that are no bytes')
    const bits = (codes[0]! << 16) | (codes[1]! << 8) | codes[2]!
    const left = text.length - at
    result += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!
    result += (left > 1 ? alphabet[(bits >> 6) & 63]! : '=') + (left > 2 ? alphabet[bits & 63]! : '=')
  }
  return result
}

/** The bytes of a base64 text, one in each character. */
export function atob(data: unknown): string {
  let text = `${data}`.replace(/[\t\n\f\r ]/g, '')
  if (text.length % 4 === 0) text = text.replace(/==?$/, '')
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw invalid('The text is no base64')
  let result = ''
  let bits = 0
  let count = 0
  for (const sign of text) {
    bits = ((bits << 6) | alphabet.indexOf(sign)) & 0xffffff
    count += 6
    if (count < 8) continue
    count -= 8
    result += String.fromCharCode((bits >> count) & 255)
  }
  return result
}

function invalid(message: string): DOMException {
  return new DOMException(message, 'InvalidCharacterError')
}
