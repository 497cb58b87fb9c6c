import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MortiseError } from '@mortise/contract'

/** Seals texts with the key of this server (AES-256-GCM). */
export interface Vault {
  /** @param place - What the text belongs to. Sealed text that is moved elsewhere cannot be opened. */
  seal(text: string, place: string): string
  /** @throws `SECRETS_UNREADABLE` where the key is another one, or the text was changed or moved. */
  open(sealed: string, place: string): string
}

const version = 'v1'
const nonceBytes = 12
const tagBytes = 16

/**
 * Opens the vault of a data folder.
 *
 * @param given - `MORTISE_SECRET_KEY`. Without it a key is made once and kept
 * beside the database, where only the operator can read it: that protects
 * copies of the database, not a copy of the whole folder.
 */
export async function openVault(dataDir: string, given: string | undefined): Promise<Vault> {
  return createVault(given ?? (await readKeyFile(join(dataDir, 'secret-key'))))
}

/** A vault whose key is derived from a passphrase of high entropy. */
export function createVault(passphrase: string): Vault {
  const key = createHash('sha256').update(`mortise secrets\0${passphrase}`).digest()
  return {
    seal(text, place) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(place))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${version}.${sealed.toString('base64url')}`
    },
    open(sealed, place) {
      try {
        const [form, text = ''] = sealed.split('.')
        if (form !== version) throw new Error('Unknown form')
        const bytes = Buffer.from(text, 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
        decipher.setAAD(Buffer.from(place))
        decipher.setAuthTag(bytes.subarray(-tagBytes))
        const opened = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]
        return Buffer.concat(opened).toString('utf8')
      } catch (cause) {
        throw new MortiseError(
          'SECRETS_UNREADABLE',
          `A stored secret (${place}) cannot be opened with the key of this server. Give MORTISE_SECRET_KEY, or the file secret-key in the data folder, the value it had when the secret was stored.`,
          { cause },
        )
      }
    },
  }
}

async function readKeyFile(file: string): Promise<string> {
  const stored = await readFile(file, 'utf8').catch(() => undefined)
  if (stored?.trim()) return stored.trim()
  const key = randomBytes(32).toString('base64url')
  await writeFile(file, `${key}\n`, { mode: 0o600 })
  return key
}
