import { createHmac, createPublicKey, verify as edVerify, timingSafeEqual } from 'node:crypto'
import { secretBytes, signBody, signedBytes } from './sign.ts'

/** Headers of a request, named in lower case, as Node's `request.headers` holds them. */
export type RequestHeaders = Readonly<Record<string, unknown>>

export interface VerifyOptions {
  /** Seconds a message may be old, or ahead of this clock. Default 300. */
  readonly toleranceSeconds?: number
  readonly now?: Date
}

/**
 * Whether `X-SM-Signature` was made with the secret over exactly these bytes.
 * Compares in constant time. The form has no time in it: also keep the ids of
 * events you have seen.
 *
 * @param rawBody - The body as it arrived. Parsing and printing it again changes bytes.
 * @param secrets - One secret, or several while one is being replaced.
 *
 * @example
 * ```ts
 * if (!verifySignature(rawBody, request.headers['x-sm-signature'], secret)) return reply.code(401).send()
 * ```
 */
export function verifySignature(
  rawBody: string | Uint8Array,
  header: unknown,
  secrets: string | readonly string[],
): boolean {
  if (typeof header !== 'string') return false
  return [secrets].flat().some((secret) => isSame(header, signBody(secret, rawBody)))
}

/**
 * Whether a message of Standard Webhooks is signed with one of the keys and is recent.
 *
 * @param keys - Secrets (`whsec_…` or text) for `v1`, public keys (`whpk_…`) for `v1a`.
 */
export function verifyStandardWebhook(
  rawBody: string | Uint8Array,
  headers: RequestHeaders,
  keys: string | readonly string[],
  { toleranceSeconds = 300, now = new Date() }: VerifyOptions = {},
): boolean {
  const id = headers['webhook-id']
  const time = headers['webhook-timestamp']
  const list = headers['webhook-signature']
  if (typeof id !== 'string' || typeof time !== 'string' || typeof list !== 'string') return false
  if (!/^\d{1,12}$/.test(time)) return false
  const timestamp = Number(time)
  if (Math.abs(now.getTime() / 1000 - timestamp) > toleranceSeconds) return false
  const bytes = signedBytes({ id, timestamp, body: rawBody })
  const signatures = list.split(' ').slice(0, 16)
  return [keys]
    .flat()
    .some((key) =>
      key.startsWith('whpk_')
        ? signatures.some((signature) => isSignedWith(key, bytes, signature))
        : signatures.some((signature) => isSame(signature, hmac(key, bytes))),
    )
}

function hmac(secret: string, bytes: Buffer): string {
  return `v1,${createHmac('sha256', secretBytes(secret)).update(bytes).digest('base64')}`
}

function isSignedWith(publicKey: string, bytes: Buffer, signature: string): boolean {
  if (!signature.startsWith('v1a,')) return false
  const x = Buffer.from(publicKey.slice(5), 'base64').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return edVerify(null, bytes, key, Buffer.from(signature.slice(4), 'base64'))
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
