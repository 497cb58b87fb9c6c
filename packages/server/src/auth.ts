import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from './config.ts'
import type { Database } from './database.ts'
import { RateLimit } from './rate-limit.ts'

export const sessionCookie = 'mortise_session'

/** How long a sign-in lasts, in seconds. */
export const sessionSeconds = 30 * 24 * 3600

const admin: Actor = { id: 'admin', name: 'Administrator', role: 'admin' }

/** The administrator's token: from the settings, or made once and kept where only the operator can read it. */
export async function readAdminToken(dataDir: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given
  const file = join(dataDir, 'admin-token')
  const stored = await readFile(file, 'utf8').catch(() => undefined)
  if (stored?.trim()) return stored.trim()
  const token = randomBytes(32).toString('base64url')
  await writeFile(file, `${token}\n`, { mode: 0o600 })
  return token
}

/** Who is behind a token or a cookie. */
export class Auth {
  readonly #database: Database
  readonly #tokenHash: Buffer
  readonly #now: () => Date
  readonly #wrongTokens = new RateLimit({ perSecond: 1 / 3, burst: 20, now: Date.now })

  constructor(database: Database, adminToken: string, now: () => Date) {
    this.#database = database
    this.#tokenHash = hash(adminToken)
    this.#now = now
  }

  /**
   * The person a token names, compared in constant time.
   *
   * @throws `RATE_LIMITED` after many wrong tokens. The right one always works.
   */
  byToken(token: string): Actor | undefined {
    if (timingSafeEqual(hash(token), this.#tokenHash)) return admin
    this.#wrongTokens.take('senders of wrong tokens')
    return undefined
  }

  /** Starts a session and answers the value of its cookie. */
  async signIn(actor: Actor): Promise<string> {
    const id = randomBytes(32).toString('base64url')
    const now = this.#now().getTime()
    await this.#database.deleteFrom('mortise_user_session').where('expires_at', '<', now).execute()
    await this.#database
      .insertInto('mortise_user_session')
      .values({ id_hash: hash(id).toString('hex'), user: actor.id, expires_at: now + sessionSeconds * 1000 })
      .execute()
    return id
  }

  async bySession(id: string): Promise<Actor | undefined> {
    const row = await this.#database
      .selectFrom('mortise_user_session')
      .select('user')
      .where('id_hash', '=', hash(id).toString('hex'))
      .where('expires_at', '>', this.#now().getTime())
      .executeTakeFirst()
    return row?.user === admin.id ? admin : undefined
  }

  async signOut(id: string): Promise<void> {
    await this.#database
      .deleteFrom('mortise_user_session')
      .where('id_hash', '=', hash(id).toString('hex'))
      .execute()
  }
}

/** Only hashes are kept and compared: equal length, and useless to whoever reads the database. */
function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
