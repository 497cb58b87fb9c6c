import type { ContactList, ContactNews, ContactRecord } from '@mortise/contract'
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { GroupCommit } from '../group-commit.ts'

/** One contact, or one try. */
export interface Contact {
  readonly plugin: string
  /** With its port where that is not the scheme's own. */
  readonly host: string
  readonly side: ContactRecord['side']
  readonly outcome: 'reached' | 'refused'
  readonly sentBytes?: number
  readonly receivedBytes?: number
}

export interface ContactsOptions {
  readonly database: Database
  readonly commits: GroupCommit
  readonly now: () => Date
  readonly isInstalled: (plugin: string) => boolean
  /** Told of what was written down. */
  readonly onDidNote?: (news: readonly ContactNews[]) => void
}

type Tally = Omit<ContactRecord, 'host' | 'side'>

/**
 * Hosts kept apart of one plugin and one side, by outcome. What a plugin tries in
 * vain has room of its own, so that it cannot crowd out what it reached.
 */
const room = { reached: 500, refused: 50 }
const maxHost = 255
const flushMs = 1000
/** Host that stands for all without room of their own. */
const others = ''

/** Counts which hosts plugins contact, in memory first and once a second on disk. */
export class Contacts {
  readonly #options: ContactsOptions
  readonly #known = new Map<string, Set<string>>()
  #fresh = new Map<string, { readonly contact: Contact; readonly tally: Tally }>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: ContactsOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    const rows = await this.#options.database.selectFrom('mortise_contact').selectAll().execute()
    for (const row of rows)
      this.#knownOf(row.plugin, row.side, row.reached > 0 ? 'reached' : 'refused').add(row.host)
  }

  note(contact: Contact): void {
    const { plugin, side, outcome, sentBytes = 0, receivedBytes = 0 } = contact
    const host = this.#place(contact)
    const key = JSON.stringify([plugin, side, host])
    const at = this.#options.now().toISOString()
    const before = this.#fresh.get(key)?.tally
    const tally: Tally = {
      reached: (before?.reached ?? 0) + (outcome === 'reached' ? 1 : 0),
      refused: (before?.refused ?? 0) + (outcome === 'refused' ? 1 : 0),
      sentBytes: (before?.sentBytes ?? 0) + sentBytes,
      receivedBytes: (before?.receivedBytes ?? 0) + receivedBytes,
      firstAt: before?.firstAt ?? at,
      lastAt: at,
    }
    this.#fresh.set(key, { contact: { ...contact, host }, tally })
    this.#timer ??= setTimeout(() => void this.flush().catch(() => {}), flushMs).unref()
  }

  /** Says that something was reported that nobody read. */
  lose(plugin: string): void {
    this.note({ plugin, host: others, side: 'page', outcome: 'refused' })
  }

  /** Everything known about a plugin, the latest first. */
  async list(plugin: string): Promise<ContactList> {
    await this.flush()
    const rows = await this.#options.database
      .selectFrom('mortise_contact')
      .selectAll()
      .where('plugin', '=', plugin)
      .orderBy('last_at', 'desc')
      .orderBy('host')
      .execute()
    const named = rows.filter(({ host }) => host !== others)
    return {
      contacts: named.map((row) => ({
        host: row.host,
        side: row.side,
        reached: row.reached,
        refused: row.refused,
        sentBytes: row.sent_bytes,
        receivedBytes: row.received_bytes,
        firstAt: row.first_at,
        lastAt: row.last_at,
      })),
      uncounted: rows
        .filter(({ host }) => host === others)
        .reduce((sum, { reached, refused }) => sum + reached + refused, 0),
    }
  }

  forget(plugin: string): void {
    for (const key of this.#known.keys()) if (key.startsWith(`${plugin} `)) this.#known.delete(key)
    for (const [key, { contact }] of this.#fresh) if (contact.plugin === plugin) this.#fresh.delete(key)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const fresh = [...this.#fresh.values()].filter(({ contact }) => this.#options.isInstalled(contact.plugin))
    this.#fresh = new Map()
    if (fresh.length === 0) return
    const { commits, database, onDidNote } = this.#options
    await commits.run((sqlite) => {
      for (const { contact, tally } of fresh) {
        const query = database
          .insertInto('mortise_contact')
          .values({
            plugin: contact.plugin,
            host: contact.host,
            side: contact.side,
            reached: tally.reached,
            refused: tally.refused,
            sent_bytes: tally.sentBytes,
            received_bytes: tally.receivedBytes,
            first_at: tally.firstAt,
            last_at: tally.lastAt,
          })
          .onConflict((conflict) =>
            conflict.columns(['plugin', 'host', 'side']).doUpdateSet({
              reached: sql`reached + excluded.reached`,
              refused: sql`refused + excluded.refused`,
              sent_bytes: sql`sent_bytes + excluded.sent_bytes`,
              received_bytes: sql`received_bytes + excluded.received_bytes`,
              last_at: sql`excluded.last_at`,
            }),
          )
          .compile()
        sqlite.run(query.sql, query.parameters)
      }
    })
    const news = fresh.map(({ contact: { plugin, host, side }, tally: { firstAt: _, ...tally } }) => ({
      plugin,
      host,
      side,
      ...tally,
    }))
    onDidNote?.(news.filter(({ host }) => host !== others))
  }

  /** The host under which a contact is counted. */
  #place({ plugin, host, side, outcome }: Contact): string {
    const known = this.#knownOf(plugin, side, outcome)
    if (host.length > maxHost || (!known.has(host) && known.size >= room[outcome])) return others
    known.add(host)
    return host
  }

  #knownOf(plugin: string, side: ContactRecord['side'], outcome: Contact['outcome']): Set<string> {
    const key = `${plugin} ${side} ${outcome}`
    const known = this.#known.get(key) ?? new Set()
    this.#known.set(key, known)
    return known
  }
}
