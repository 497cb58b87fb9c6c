import { type UrlPart, urlParts } from '../guest/url-parts.ts'

/** What may be put into an address. */
const changeable: ReadonlySet<unknown> = new Set(urlParts.filter((part) => part !== 'origin'))

/**
 * The parts of an address, one a line: none of them can hold a line break.
 *
 * @param question - Text, base, and which part to set to what, each a string or `undefined`.
 * @returns `undefined` for what is no address.
 */
export function readUrl([text, base, part, value]: readonly unknown[]): string | undefined {
  if (typeof text !== 'string' || (base !== undefined && typeof base !== 'string')) return undefined
  const url = URL.parse(text, base)
  if (!url) return undefined
  try {
    if (changeable.has(part)) url[part as Exclude<UrlPart, 'origin'>] = String(value)
  } catch {
    return undefined
  }
  return urlParts.map((name) => url[name]).join('\n')
}
