import { type BacklogState, type LifecycleEvent, MortiseError, type ReplayResult } from '@mortise/contract'
import { createGuardedAgent, HostList, type ResolveHost } from '@mortise/isolate'
import type { Logger } from 'pino'
import type { Actor } from '../config.ts'
import type { Database } from '../database.ts'
import { Deliveries, type QueueDepth } from '../deliveries/deliveries.ts'
import { dismissLost } from '../deliveries/dismiss.ts'
import type { Receiver } from '../deliveries/receivers.ts'
import { replay } from '../deliveries/replay.ts'
import type { EventLog } from '../event-log.ts'
import type { GroupCommit } from '../group-commit.ts'
import { redacted } from '../redact.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { Transact } from '../transact.ts'
import { AttemptLog } from './attempts.ts'
import { checkUrl } from './check-url.ts'
import {
  type Endpoint,
  toEndpoint,
  type WebhookChanges,
  type WebhookRecord,
  type WebhookReplay,
} from './endpoint.ts'
import { aboutWebhook, failedEvent, testEvent } from './events.ts'
import { policyOf } from './policy.ts'
import { readRecords } from './read-records.ts'
import { receiverName, toReceiver, webhookOf } from './receiver.ts'
import { type Outcome, sendEvent } from './send.ts'
import { makeSecret, makeSigningKey } from './sign.ts'

export interface WebhooksOptions {
  readonly database: Database
  readonly commits: GroupCommit
  /** Cursor of the newest event that is on disk. */
  readonly head: () => number
  readonly transact: Transact
  readonly now: () => Date
  readonly newId: () => string
  readonly log: Logger
  /** Where events are that are sent again. */
  readonly events: Pick<EventLog, 'head' | 'tail'>
  readonly allowPrivateHosts: readonly string[]
  /** Milliseconds before the second try; doubled for each after it. Default 1000. */
  readonly firstWaitMs?: number | undefined
  /** Finds the addresses of a name. Default: the system. */
  readonly resolve?: ResolveHost | undefined
  readonly tracing: Tracing
  didAttempt?(status: string): void
  /** Told that fewer messages of a receiver wait. */
  didAdvance?(receiver: string): void
  readBacklog(receiver: string): BacklogState
}

/** Messages given up in a row after which an endpoint is disabled. */
export const breakAfter = 10
const endpointLimit = 100
/**
 * Addresses that events are posted to, without a plugin. Messages are rows of
 * `mortise_delivery`, written with the event they carry and tried by the same
 * machinery as deliveries to plugins.
 */
export class Webhooks {
  readonly #options: WebhooksOptions
  readonly #endpoints = new Map<number, Endpoint>()
  readonly #privateHosts: HostList
  readonly #agent: ReturnType<typeof createGuardedAgent>
  readonly #deliveries: Deliveries
  readonly #attempts: AttemptLog
  readonly #stop = new AbortController()

  constructor(options: WebhooksOptions) {
    this.#options = options
    this.#privateHosts = new HostList(options.allowPrivateHosts)
    this.#agent = createGuardedAgent({ privateHosts: this.#privateHosts, resolve: options.resolve })
    this.#attempts = new AttemptLog(options.database)
    this.#deliveries = new Deliveries({
      database: options.database,
      commits: options.commits,
      head: options.head,
      now: options.now,
      log: options.log,
      policy: (receiver) => policyOf(this.#find(receiver), options.firstWaitMs),
      isRunning: (receiver) => this.isEnabled(receiver),
      maySee: () => true,
      deliver: (receiver, event, attempt) => this.#deliver(receiver, event, attempt),
      wasInterrupted: () => this.#stop.signal.aborted,
      tracing: options.tracing,
      didAdvance: (receiver) => options.didAdvance?.(receiver),
      scrub: (_receiver, text) => text,
    })
  }

  /** Reads the endpoints. Must be awaited before the first event. */
  async open(): Promise<void> {
    const rows = await this.#options.database.selectFrom('mortise_webhook').selectAll().execute()
    for (const row of rows) this.#endpoints.set(row.id, toEndpoint(row))
    // What was written in the moment an endpoint was deleted.
    await this.#options.database
      .deleteFrom('mortise_delivery')
      .where('plugin', 'like', receiverName('%'))
      .where('plugin', 'not in', ['', ...rows.map(({ id }) => receiverName(id))])
      .execute()
    await this.#attempts.prune([...this.#endpoints.keys()])
  }

  /** Takes up what an earlier process left. */
  async start(): Promise<void> {
    await this.#deliveries.open()
    for (const id of this.#endpoints.keys()) this.#deliveries.wake(receiverName(id))
  }

  /** Ends requests under way; their messages are tried again by the next process. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#deliveries.close()
    await this.#agent.destroy()
  }

  /** Names under which the messages of an event are kept. */
  receiversOf(event: LifecycleEvent): Receiver[] {
    return [...this.#endpoints.values()].flatMap((endpoint) =>
      endpoint.enabled === 1 ? (toReceiver(endpoint, event) ?? []) : [],
    )
  }

  /** A webhook as it takes an event, off or on. */
  receive(receiver: string, event: LifecycleEvent): Receiver | undefined {
    const endpoint = this.#find(receiver)
    return endpoint && toReceiver(endpoint, event)
  }

  isEnabled(receiver: string): boolean {
    return this.#find(receiver)?.enabled === 1
  }

  waitingOf(receiver: string): number {
    return this.#deliveries.waitingOf(receiver)
  }

  /** Takes up messages that were committed. */
  didWrite(receiver: string, count = 1): void {
    this.#deliveries.didWrite(receiver, count)
  }

  /** How many messages wait or are under way, by webhook. */
  depths(): (Pick<QueueDepth, 'state' | 'depth'> & { webhook: string })[] {
    const depths = this.#deliveries.depths([...this.#endpoints.keys()].map((id) => receiverName(id)))
    return depths.map(({ receiver, ...depth }) => ({ webhook: String(webhookOf(receiver)), ...depth }))
  }

  async list(): Promise<WebhookRecord[]> {
    return readRecords([...this.#endpoints.values()], this.#reading)
  }

  /** @throws `NOT_FOUND`. */
  async read(id: number): Promise<WebhookRecord> {
    const [record] = await readRecords([this.#need(id)], this.#reading)
    return record!
  }

  /** @throws `NOT_FOUND` for a webhook that is not there, or an event that is not in the log. */
  replay(id: number, wanted: WebhookReplay): Promise<ReplayResult> {
    this.#need(id)
    const { database, commits, events, now } = this.#options
    const rooms = { database, commits, log: events, deliveries: this.#deliveries, now }
    const receive = (event: LifecycleEvent) => toReceiver(this.#need(id), event)
    return replay(
      rooms,
      { id: receiverName(id), receive },
      'event_ids' in wanted ? { eventIds: wanted.event_ids } : wanted,
    )
  }

  /** Takes note of what never reached a webhook. @throws `NOT_FOUND`, `CONFLICT`. */
  async dismissLost(id: number, lostAt: string, actor: Actor): Promise<void> {
    const endpoint = this.#need(id)
    await dismissLost(this.#options.transact, receiverName(id), lostAt, (lost) => {
      const event = aboutWebhook('webhook.loss_dismissed', endpoint, actor)
      return { ...event, meta: { ...event.meta, lost } }
    })
  }

  /** @throws `INPUT_INVALID`, `NOT_FOUND`. */
  async create(input: WebhookChanges, actor: Actor): Promise<number> {
    const { name, url } = input
    if (!name || !url) throw new MortiseError('INPUT_INVALID', 'name and url are required')
    this.#checkUrl(url)
    if (this.#endpoints.size >= endpointLimit) {
      throw new MortiseError(
        'INPUT_INVALID',
        `There are ${endpointLimit} webhooks already. Delete one first.`,
      )
    }
    const time = this.#options.now().toISOString()
    const row = await this.#options.transact(async (transaction, emit) => {
      const made = await transaction
        .insertInto('mortise_webhook')
        .values({
          name,
          url,
          secret: input.secret === redacted ? null : input.secret || null,
          signing_key: makeSigningKey(),
          previous_secret: null,
          previous_signing_key: null,
          previous_until: null,
          event_types: JSON.stringify(input.event_types ?? []),
          retry_max: input.retry_max ?? 3,
          timeout: input.timeout ?? 10,
          signature: input.signature ?? 'server-monitor',
          enabled: input.enabled === false ? 0 : 1,
          dead_streak: 0,
          disabled_reason: null,
          created_by: actor.id,
          created_at: time,
          updated_at: time,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      emit(aboutWebhook('webhook.created', made, actor))
      return made
    })
    this.#endpoints.set(row.id, toEndpoint(row))
    return row.id
  }

  /** Changes what is given. Enabling an endpoint that was cut off lets one message decide. */
  async update(id: number, input: WebhookChanges, actor: Actor): Promise<void> {
    const endpoint = this.#need(id)
    if (input.url !== undefined) this.#checkUrl(input.url)
    const { enabled, event_types, secret, ...plain } = input
    await this.#change(id, actor, {
      ...plain,
      ...(secret === undefined || secret === redacted ? {} : { secret: secret || null }),
      ...(event_types === undefined ? {} : { event_types: JSON.stringify(event_types) }),
      ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
      ...(enabled === true && endpoint.disabled_reason !== null
        ? { dead_streak: breakAfter - 1, disabled_reason: null }
        : {}),
    })
    this.#deliveries.wake(receiverName(id))
    this.#options.didAdvance?.(receiverName(id))
  }

  /** Replaces the keys. The old ones sign too until the grace time is over. Answers the new secret, once. */
  async rotate(
    id: number,
    { secret = makeSecret(), grace_seconds }: { secret?: string | undefined; grace_seconds: number },
    actor: Actor,
  ): Promise<{ secret: string; previous_secret_until: string }> {
    const endpoint = this.#need(id)
    const until = this.#options.now().getTime() + grace_seconds * 1000
    await this.#change(id, actor, {
      secret,
      signing_key: makeSigningKey(),
      previous_secret: endpoint.secret,
      previous_signing_key: endpoint.signing_key,
      previous_until: until,
    })
    return { secret, previous_secret_until: new Date(until).toISOString() }
  }

  async remove(id: number, actor: Actor): Promise<void> {
    const endpoint = this.#need(id)
    // First, so that the event about it makes no message for it.
    this.#endpoints.delete(id)
    try {
      await this.#options.transact(async (transaction, emit) => {
        await transaction.deleteFrom('mortise_webhook').where('id', '=', id).execute()
        await transaction.deleteFrom('mortise_webhook_attempt').where('webhook_id', '=', id).execute()
        await transaction.deleteFrom('mortise_delivery').where('plugin', '=', receiverName(id)).execute()
        await transaction.deleteFrom('mortise_behind').where('receiver', '=', receiverName(id)).execute()
        emit(aboutWebhook('webhook.deleted', endpoint, actor))
      })
      this.#deliveries.forget(receiverName(id))
    } catch (thrown) {
      this.#endpoints.set(id, endpoint)
      throw thrown
    }
  }

  /** Sends `webhook.test` to one endpoint at once, enabled or not, and answers how it went. */
  async test(id: number, actor: Actor): Promise<Outcome & { eventId: string }> {
    const endpoint = this.#need(id)
    const event = testEvent(endpoint, actor, { id: this.#options.newId(), now: this.#options.now() })
    const outcome = await this.#send(endpoint, event)
    await this.#attempts.add(
      endpoint.id,
      event,
      outcome,
      outcome.ok ? 'success' : 'failed',
      1,
      this.#options.now(),
    )
    return { ...outcome, eventId: event.event_id }
  }

  attemptsOf(id: number, limit: number, offset: number) {
    this.#need(id)
    return this.#attempts.list(id, limit, offset)
  }

  async #deliverTo(endpoint: Endpoint, event: LifecycleEvent, attempt: number): Promise<void> {
    const { log, now, didAttempt } = this.#options
    const outcome = await this.#send(endpoint, event)
    if (this.#stop.signal.aborted && !outcome.ok) throw new MortiseError('FETCH_FAILED', 'The server stops')
    const isLast = outcome.final || attempt >= endpoint.retry_max
    const status = outcome.ok ? 'success' : isLast ? 'failed' : 'retrying'
    if (this.#endpoints.has(endpoint.id)) {
      await this.#attempts.add(endpoint.id, event, outcome, status, attempt, now())
    }
    didAttempt?.(status)
    log.debug({ webhook: endpoint.id, event: event.event_id, status, attempt }, 'A webhook was tried')
    if (outcome.ok) return this.#closeCircuit(endpoint.id)
    const reason = outcome.error ?? 'The attempt failed'
    if (isLast) await this.#countDead(endpoint.id, event, reason)
    throw new MortiseError(outcome.final ? 'WEBHOOK_REFUSED' : 'FETCH_FAILED', reason)
  }

  #deliver(receiver: string, event: LifecycleEvent, attempt: number): Promise<void> | undefined {
    const endpoint = this.#find(receiver)
    return endpoint?.enabled === 1 ? this.#deliverTo(endpoint, event, attempt) : undefined
  }

  #send(endpoint: Endpoint, event: LifecycleEvent): Promise<Outcome> {
    return sendEvent(endpoint, event, {
      agent: this.#agent,
      allowPrivateHosts: this.#options.allowPrivateHosts,
      signal: this.#stop.signal,
      now: this.#options.now(),
      tracing: this.#options.tracing,
    })
  }

  async #closeCircuit(id: number): Promise<void> {
    if (this.#endpoints.get(id)?.dead_streak) await this.#set(id, { dead_streak: 0 })
  }

  async #countDead(id: number, event: LifecycleEvent, reason: string): Promise<void> {
    const { log } = this.#options
    const endpoint = this.#endpoints.get(id)
    if (!endpoint) return
    const streak = endpoint.dead_streak + 1
    const breaks = streak >= breakAfter && endpoint.enabled === 1
    const why = `Disabled after ${streak} messages in a row that could not be delivered. The last reason: ${reason}`
    await this.#set(id, {
      dead_streak: streak,
      ...(breaks ? { enabled: 0, disabled_reason: why } : {}),
    })
    if (breaks) log.warn({ webhook: id }, 'A webhook was disabled: its receiver does not answer')
    const failed = failedEvent(endpoint, event, breaks)
    await this.#options
      .transact(async (_transaction, emit) => emit(failed))
      // The message is lost either way; a filter that drops the event about it changes nothing.
      .catch((err) => log.warn({ err, webhook: id }, 'A failed webhook was not reported'))
  }

  async #change(id: number, actor: Actor, values: Partial<Omit<Endpoint, 'id' | 'types'>>): Promise<void> {
    const row = await this.#options.transact(async (transaction, emit) => {
      const changed = await transaction
        .updateTable('mortise_webhook')
        .set({ ...values, updated_at: this.#options.now().toISOString() })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      if (changed) emit(aboutWebhook('webhook.updated', changed, actor))
      return changed
    })
    if (!row) throw notFound()
    this.#endpoints.set(id, toEndpoint(row))
  }

  async #set(id: number, values: Partial<Omit<Endpoint, 'id' | 'types'>>): Promise<void> {
    const endpoint = this.#endpoints.get(id)
    // At once, so that messages under way at the same time count on from it.
    if (endpoint) this.#endpoints.set(id, { ...endpoint, ...values })
    await this.#options.database.updateTable('mortise_webhook').set(values).where('id', '=', id).execute()
  }

  get #reading() {
    const { database, now, readBacklog } = this.#options
    return { readBacklog, database, attempts: this.#attempts, deliveries: this.#deliveries, now: now() }
  }

  #find(receiver: string): Endpoint | undefined {
    return this.#endpoints.get(webhookOf(receiver) ?? -1)
  }

  #need(id: number): Endpoint {
    const endpoint = this.#endpoints.get(id)
    if (!endpoint) throw notFound()
    return endpoint
  }

  #checkUrl(url: string): void {
    const problem = checkUrl(url, this.#privateHosts)
    if (problem !== undefined) throw new MortiseError('INPUT_INVALID', problem)
  }
}

function notFound(): MortiseError {
  return new MortiseError('NOT_FOUND', 'Webhook not found')
}
