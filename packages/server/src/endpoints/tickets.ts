import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Actor } from '../config.ts'

/** How long a ticket is good for, in milliseconds. */
const lifeMs = 60 * 60 * 1000

/**
 * What lets a page of a plugin ask the plugin's own addresses as the person it
 * was shown to. The page has an opaque origin, so the person's session does not
 * come with its requests. A ticket is good for one plugin, one person, an hour
 * and this run of the server, and for nothing but the plugin's addresses.
 */
export class Tickets {
  readonly #key = randomBytes(32)
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  issue(plugin: string, { id, name, role }: Actor): string {
    const claims = { plugin, actor: { id, name, role }, until: this.#now().getTime() + lifeMs }
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url')
    return `${text}.${this.#sign(text)}`
  }

  /** The person a ticket names, `undefined` where it is not ours, not for this plugin or too old. */
  read(plugin: string, ticket: string): Actor | undefined {
    const [text = '', signature = ''] = ticket.split('.')
    const expected = Buffer.from(this.#sign(text))
    const given = Buffer.from(signature)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    // Signed by this process, so its shape is known.
    const claims = JSON.parse(Buffer.from(text, 'base64url').toString()) as {
      plugin: string
      actor: Actor
      until: number
    }
    return claims.plugin === plugin && claims.until > this.#now().getTime() ? claims.actor : undefined
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url')
  }
}
