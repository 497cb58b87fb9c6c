import type { Powers } from './channel.ts'
import { createSubtle } from './subtle.ts'

/** The calls of Web Crypto that plugins need most. Bytes and hashes come from the child process. */
export function createCrypto({ random, hash }: Powers) {
  return {
    subtle: createSubtle(hash),
    getRandomValues<T extends ArrayBufferView>(target: T): T {
      if (!ArrayBuffer.isView(target) || target instanceof Float32Array || target instanceof Float64Array) {
        throw new TypeError('getRandomValues fills integer typed arrays')
      }
      if (target.byteLength > 65_536) throw new RangeError('getRandomValues fills at most 65536 bytes')
      const bytes = new Uint8Array(random(target.byteLength))
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes)
      return target
    },
    randomUUID(): string {
      const bytes = new Uint8Array(random(16))
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
  }
}
