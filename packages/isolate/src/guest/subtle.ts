import type { Powers } from './channel.ts'

/** The part of a `CryptoKey` that plugins read. */
interface HmacKey {
  readonly type: 'secret'
  readonly extractable: boolean
  readonly algorithm: {
    readonly name: 'HMAC'
    readonly hash: { readonly name: 'SHA-256' }
    readonly length: number
  }
  readonly usages: readonly string[]
}

/** SHA-256 and HMAC with it, in the form of Web Crypto. Other algorithms are refused. */
export function createSubtle(hash: Powers['hash']) {
  // Key bytes stay here: a key object shows nothing but what it is for.
  const secrets = new WeakMap<object, ArrayBuffer>()

  function run(data: unknown, key?: ArrayBuffer): ArrayBuffer {
    const result = hash(toBytes(data), key)
    if (!result) throw failure('OperationError', 'At most 1 MiB can be hashed at once')
    return result
  }

  function secretOf(key: unknown, usage: string): ArrayBuffer {
    const secret = typeof key === 'object' && key !== null ? secrets.get(key) : undefined
    if (!secret) throw new TypeError('The key was not made by crypto.subtle.importKey')
    if (!(key as HmacKey).usages.includes(usage)) {
      throw failure('InvalidAccessError', `The key was not imported for '${usage}'`)
    }
    return secret
  }

  return {
    async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
      demand(algorithm, 'SHA-256')
      return run(data)
    },
    async importKey(
      format: unknown,
      bytes: unknown,
      algorithm: { readonly name?: unknown; readonly hash?: unknown },
      extractable: unknown,
      usages: readonly unknown[],
    ): Promise<HmacKey> {
      if (format !== 'raw') throw failure('NotSupportedError', 'Keys can be imported in the format raw')
      demand(algorithm, 'HMAC')
      demand(algorithm.hash, 'SHA-256')
      const secret = toBytes(bytes)
      const key: HmacKey = Object.freeze({
        type: 'secret',
        extractable: Boolean(extractable),
        algorithm: { name: 'HMAC', hash: { name: 'SHA-256' }, length: secret.byteLength * 8 } as const,
        usages: Object.freeze([...usages].map(String)),
      })
      secrets.set(key, secret)
      return key
    },
    async sign(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
      demand(algorithm, 'HMAC')
      return run(data, secretOf(key, 'sign'))
    },
    async verify(algorithm: unknown, key: unknown, signature: unknown, data: unknown): Promise<boolean> {
      demand(algorithm, 'HMAC')
      const wanted = new Uint8Array(run(data, secretOf(key, 'verify')))
      const given = new Uint8Array(toBytes(signature))
      let difference = wanted.length ^ given.length
      for (let index = 0; index < wanted.length; index++) difference |= wanted[index]! ^ (given[index] ?? 0)
      return difference === 0
    },
  }
}

function toBytes(data: unknown): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data.slice(0)
  if (ArrayBuffer.isView(data)) {
    return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer
  }
  throw new TypeError('The data must be an ArrayBuffer or a view of one')
}

function demand(algorithm: unknown, name: string): void {
  const given =
    typeof algorithm === 'string' ? algorithm : (algorithm as { name?: unknown } | undefined)?.name
  if (String(given).toUpperCase() === name) return
  throw failure('NotSupportedError', `Only SHA-256, and HMAC with it, are available, not ${String(given)}`)
}

function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
