import { createHash, createHmac } from 'node:crypto'

/** SHA-256 of the data, or its HMAC under a key. */
export function hashBytes(data: ArrayBuffer, key: ArrayBuffer | undefined): ArrayBuffer {
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', new Uint8Array(key))
  const bytes = hash.update(new Uint8Array(data)).digest()
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
