import {
  type EmailMessage,
  type EmailOverview,
  type EmailRecord,
  type EmailRequest,
  MortiseError,
  recipientsBodySchema,
} from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../../config.ts'
import type { Database } from '../../database.ts'
import { actorOf } from '../../guard-requests.ts'
import { pluginEvent } from '../../plugin-event.ts'
import { RateLimit } from '../../rate-limit.ts'
import { readBody } from '../../read-body.ts'
import type { Transact } from '../../transact.ts'
import { callingPlugin } from '../calling-plugin.ts'
import type { Power } from '../power.ts'
import { isAllowedRecipient } from './recipients.ts'
import type { EmailTransport } from './transport.ts'
import { type ReadTemplate, writeMessage } from './write-message.ts'

/** Messages kept of one plugin. */
const kept = 200
/** Milliseconds before each further try. */
const waitsMs = [60_000, 300_000, 1_800_000]
const tickMs = 1000
/** How long the end of the server waits for a message under way, in milliseconds. */
const closeMs = 2000
/** Recipients one plugin may write to at once, and per second. */
const burst = 20
const perSecond = 1 / 60

export interface EmailsOptions {
  readonly database: Database
  readonly transact: Transact
  readonly now: () => Date
  readonly newId: () => string
  /** Without one, messages are only kept for the administrator to see. */
  readonly transport: EmailTransport | undefined
  /** What the manifest asks for. @throws `PLUGIN_NOT_FOUND`. */
  wanted(plugin: string): readonly string[]
  /** A template that the manifest declares, with its files read; `undefined` for others. */
  templates(plugin: string, name: string): Promise<ReadTemplate | undefined>
  displayName(plugin: string): string
  /** Text without the plugin's secrets. */
  scrub(plugin: string, text: string): string
  warn(plugin: string, message: string): void
}

/** Email of plugins: to allowed recipients only, a few at a time, all of it to be seen by the administrator. */
export class Emails implements Power {
  readonly #options: EmailsOptions
  readonly #limit: RateLimit
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined
  #isClosing = false

  constructor(options: EmailsOptions) {
    this.#options = options
    this.#limit = new RateLimit({ perSecond, burst, now: () => options.now().getTime() })
  }

  readonly providers = {
    email: {
      send: (context, request: EmailRequest) => this.#take(callingPlugin(context), request),
    },
  } satisfies Power['providers']

  start(): void {
    if (!this.#options.transport) return
    this.#timer = setInterval(() => this.#wake(), tickMs)
    this.#timer.unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#isClosing = true
    // What is cut off stays queued, and leaves at the next start under the same message id.
    await Promise.race([this.#sending, new Promise((resolve) => setTimeout(resolve, closeMs).unref())])
    this.#options.transport?.close()
  }

  forget(plugin: string): void {
    this.#limit.forget(plugin)
  }

  route(app: FastifyInstance): void {
    type ById = { Params: { id: string } }
    app.get<ById>('/api/v1/plugins/:id/email', ({ params: { id } }) => this.overview(id))
    app.put<ById>('/api/v1/plugins/:id/email/recipients', async (request) => {
      const { id } = request.params
      await this.allow(id, readBody(recipientsBodySchema, request.body).recipients, actorOf(request))
      return this.overview(id)
    })
  }

  /** What an administrator is shown. @throws `PLUGIN_NOT_FOUND`. */
  async overview(plugin: string): Promise<EmailOverview> {
    const { database, transport, wanted, scrub } = this.#options
    const asked = wanted(plugin)
    const rows = await database
      .selectFrom('mortise_email')
      .selectAll()
      .where('plugin', '=', plugin)
      .orderBy('created_at', 'desc')
      .limit(kept)
      .execute()
    return {
      delivery: transport ? 'smtp' : 'captured',
      wanted: asked,
      allowed: await this.#allowed(plugin),
      messages: rows.map((row): EmailRecord => {
        const { to, cc, bcc, subject, text, html, attachments } = JSON.parse(row.message) as EmailMessage
        return {
          id: row.id,
          state: row.state,
          to: [...to, ...cc, ...bcc],
          subject: scrub(plugin, subject),
          body: scrub(plugin, text ?? html ?? ''),
          attachments: (attachments ?? []).map(({ filename }) => filename),
          error: row.error,
          createdAt: row.created_at,
        }
      }),
    }
  }

  /** Replaces the recipients the plugin may write to. */
  async allow(plugin: string, patterns: readonly string[], actor: Actor): Promise<void> {
    const { transact, now, wanted } = this.#options
    wanted(plugin)
    const stamp = { allowed_by: actor.id, allowed_at: now().toISOString() }
    await transact(async (transaction, emit) => {
      await transaction.deleteFrom('mortise_email_recipient').where('plugin', '=', plugin).execute()
      for (const pattern of new Set(patterns.map((one) => one.toLowerCase()))) {
        await transaction
          .insertInto('mortise_email_recipient')
          .values({ plugin, pattern, ...stamp })
          .execute()
      }
      emit(pluginEvent('plugin.granted', plugin, actor))
    })
  }

  async #take(plugin: string, request: EmailRequest): Promise<{ id: string; state: EmailRecord['state'] }> {
    const { database, now, newId, transport, templates } = this.#options
    const message = await writeMessage(request, (name) => templates(plugin, name))
    const recipients = [...message.to, ...message.cc, ...message.bcc]
    const allowed = await this.#allowed(plugin)
    const refused = recipients.filter((address) => !isAllowedRecipient(address, allowed))
    if (refused.length > 0) {
      throw new MortiseError(
        'EMAIL_RECIPIENT_DENIED',
        `${plugin} may not send email to ${refused.join(', ')}. An administrator allows recipients on the plugin's Email tab.`,
        { name: 'InvalidEmailAddressError', data: { recipients: refused } },
      )
    }
    this.#limit.take(plugin, recipients.length)
    const state = transport ? ('queued' as const) : ('captured' as const)
    const id = newId()
    await database
      .insertInto('mortise_email')
      .values({
        id,
        plugin,
        state,
        message: JSON.stringify(message),
        next_at: now().getTime(),
        error: null,
        created_at: now().toISOString(),
        attempts: 0,
      })
      .execute()
    await this.#forgetOld(plugin)
    this.#wake()
    return { id, state }
  }

  async #allowed(plugin: string): Promise<string[]> {
    const rows = await this.#options.database
      .selectFrom('mortise_email_recipient')
      .select('pattern')
      .where('plugin', '=', plugin)
      .orderBy('pattern')
      .execute()
    return rows.map(({ pattern }) => pattern)
  }

  async #forgetOld(plugin: string): Promise<void> {
    const { database } = this.#options
    const newest = database
      .selectFrom('mortise_email')
      .select('id')
      .where('plugin', '=', plugin)
      .orderBy('created_at', 'desc')
      .limit(kept)
    await database
      .deleteFrom('mortise_email')
      .where('plugin', '=', plugin)
      .where('state', '!=', 'queued')
      .where('id', 'not in', newest)
      .execute()
  }

  #wake(): void {
    const { transport } = this.#options
    if (!transport || this.#sending) return
    this.#sending = this.#sendDue(transport)
      .catch(() => {})
      .finally(() => {
        this.#sending = undefined
      })
  }

  async #sendDue(transport: EmailTransport): Promise<void> {
    const { database, now } = this.#options
    const due = await database
      .selectFrom('mortise_email')
      .selectAll()
      .where('state', '=', 'queued')
      .where('next_at', '<=', now().getTime())
      .orderBy('next_at')
      .limit(20)
      .execute()
    for (const row of due) {
      if (this.#isClosing) return
      const change = await this.#send(transport, row)
      await database.updateTable('mortise_email').set(change).where('id', '=', row.id).execute()
    }
  }

  async #send(
    transport: EmailTransport,
    { id, plugin, message, attempts }: { id: string; plugin: string; message: string; attempts: number },
  ): Promise<{ state: EmailRecord['state']; attempts: number; next_at?: number; error: string | null }> {
    const { now, displayName, scrub, warn } = this.#options
    try {
      const senderName = displayName(plugin)
      await transport.send({ id, plugin, senderName, message: JSON.parse(message) })
      return { state: 'sent', attempts: attempts + 1, error: null }
    } catch (thrown) {
      const { responseCode, message: text } = thrown as { responseCode?: number; message?: string }
      const error = scrub(plugin, String(text)).slice(0, 500)
      const wait = waitsMs[attempts]
      // The server's 5xx is its last word; everything else may pass.
      if (wait === undefined || (responseCode !== undefined && responseCode >= 500)) {
        warn(plugin, `An email was not sent: ${error}`)
        return { state: 'failed', attempts: attempts + 1, error }
      }
      return { state: 'queued', attempts: attempts + 1, next_at: now().getTime() + wait, error }
    }
  }
}
