import { hash as digest, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { fastifyCookie } from '@fastify/cookie'
import type { Actor } from './config.ts'
import type { Database } from './database.ts'
import { type IdentifyPerson, toActor } from './people/identity.ts'
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

/** Who sent a request, and whether browsers send what tells so by themselves. */
export interface Sender {
  readonly actor: Actor
  readonly means: 'token' | 'cookie'
}

const bearer = /^Bearer +(\S+)$/i

/** The token of an `Authorization` header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return bearer.exec(authorization ?? '')?.[1]
}

/** Who is behind a request. */
export class Auth {
  readonly #database: Database
  readonly #adminToken: Buffer
  readonly #now: () => Date
  readonly #identifyPerson: IdentifyPerson | undefined
  readonly #wrongTokens = new RateLimit({ perSecond: 1 / 3, burst: 20 })

  /** @param identifyPerson - Knows the people of the front end, where it has people of its own. */
  constructor(database: Database, adminToken: string, now: () => Date, identifyPerson?: IdentifyPerson) {
    this.#database = database
    this.#adminToken = Buffer.from(adminToken)
    this.#now = now
    this.#identifyPerson = identifyPerson
  }

  /** The administrator by token, `undefined` for everybody else. */
  identifyProgram({ authorization }: IncomingHttpHeaders): Sender | undefined {
    const token = bearerOf(authorization)
    return token !== undefined && this.#isAdminToken(token) ? { actor: admin, means: 'token' } : undefined
  }

  /**
   * Finds the sender: the administrator by token or session, else a person of the front end.
   *
   * @throws `RATE_LIMITED` after many wrong tokens, and what the host's `identify` throws.
   */
  async identify(headers: IncomingHttpHeaders): Promise<Sender | undefined> {
    const { authorization, cookie } = headers
    const token = bearerOf(authorization)
    // Browsers send no bearer token by themselves, but cookies and passwords that they remember.
    const means = token === undefined ? 'cookie' : 'token'
    if (token !== undefined && this.#isAdminToken(token)) return { actor: admin, means }
    const cookies = fastifyCookie.parse(cookie ?? '')
    const session = authorization ? undefined : cookies[sessionCookie]
    if (session && (await this.#isSession(session))) return { actor: admin, means }
    const identity = await this.#identifyPerson?.({ headers, cookies })
    if (identity) return { actor: toActor(identity), means }
    if (token !== undefined) this.#wrongTokens.take('senders of wrong tokens')
    return undefined
  }

  /**
   * Signs the administrator in and answers the value of the session's cookie, `undefined` for a wrong token.
   *
   * @throws `RATE_LIMITED` after many wrong tokens. The right one always works.
   */
  async signIn(token: string): Promise<{ actor: Actor; session: string } | undefined> {
    if (!this.#isAdminToken(token)) {
      this.#wrongTokens.take('senders of wrong tokens')
      return undefined
    }
    const session = randomBytes(32).toString('base64url')
    const now = this.#now().getTime()
    await this.#database.deleteFrom('mortise_user_session').where('expires_at', '<', now).execute()
    await this.#database
      .insertInto('mortise_user_session')
      .values({
        id_hash: hash(session).toString('hex'),
        user: admin.id,
        expires_at: now + sessionSeconds * 1000,
      })
      .execute()
    return { actor: admin, session }
  }

  async signOut(session: string): Promise<void> {
    await this.#database
      .deleteFrom('mortise_user_session')
      .where('id_hash', '=', hash(session).toString('hex'))
      .execute()
  }

  #isAdminToken(token: string): boolean {
    return isSameText(Buffer.from(token), this.#adminToken)
  }

  async #isSession(session: string): Promise<boolean> {
    const row = await this.#database
      .selectFrom('mortise_user_session')
      .select('user')
      .where('id_hash', '=', hash(session).toString('hex'))
      .where('expires_at', '>', this.#now().getTime())
      .executeTakeFirst()
    return row?.user === admin.id
  }
}

/** Whether two tokens are the same. */
export function isSameToken(one: string, other: string): boolean {
  return isSameText(Buffer.from(one), Buffer.from(other))
}

/** In a time that tells nothing of the right one, its length neither. Each request of a program comes by here. */
function isSameText(given: Buffer, right: Buffer): boolean {
  const fitted = Buffer.alloc(right.length)
  given.copy(fitted)
  return timingSafeEqual(fitted, right) && given.length === right.length
}

/** Of sessions only hashes are kept: useless to whoever reads the database. */
function hash(text: string): Buffer {
  return digest('sha256', text, 'buffer')
}
