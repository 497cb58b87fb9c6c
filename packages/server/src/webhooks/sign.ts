import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign as edSign,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'

/** A fresh secret in the form of Standard Webhooks. */
export function makeSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** A fresh ed25519 key as PKCS #8 in base64. It never leaves the server. */
export function makeSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}

/** What receivers check `v1a` signatures with: `whpk_` and 32 bytes in base64. */
export function publicKeyOf(signingKey: string): string {
  const { x = '' } = createPublicKey(readSigningKey(signingKey)).export({ format: 'jwk' })
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`
}

/** `sha256=<hex>` over the bytes that are sent, as `X-SM-Signature` holds it. */
export function signBody(secret: string, body: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** What Standard Webhooks signs: id, time in seconds and body. */
export interface SignedMessage {
  readonly id: string
  readonly timestamp: number
  readonly body: string | Uint8Array
}

/** `v1,<base64>`: HMAC-SHA256. */
export function signStandard(secret: string, message: SignedMessage): string {
  return `v1,${createHmac('sha256', secretBytes(secret)).update(signedBytes(message)).digest('base64')}`
}

/** `v1a,<base64>`: ed25519. */
export function signStandardAsymmetric(signingKey: string, message: SignedMessage): string {
  return `v1a,${edSign(null, signedBytes(message), readSigningKey(signingKey)).toString('base64')}`
}

/** A secret that starts with `whsec_` holds base64; any other is taken as text. */
export function secretBytes(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
}

export function signedBytes({ id, timestamp, body }: SignedMessage): Buffer {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)])
}

function readSigningKey(signingKey: string) {
  return createPrivateKey({ key: Buffer.from(signingKey, 'base64'), format: 'der', type: 'pkcs8' })
}
