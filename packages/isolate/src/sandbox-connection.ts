import { MortiseError, toErrorRecord } from '@mortise/contract'
import { answerFetch, answerHostCall } from './answer-request.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import type { RunnerProcess } from './runner-process.ts'
import { thrownByPlugin } from './thrown-by-plugin.ts'
import type { PluginSpec, SandboxObserver } from './types.ts'
import { type CallKind, type ChildMessage, loadCallId, type PluginLimits, type SandboxSpec } from './wire.ts'

/** What a sandbox says by itself; the rest belongs to calls and requests. */
export type SandboxNews = Extract<ChildMessage, { type: 'log' | 'lists' | 'usage' | 'ended' }>

export interface ConnectionOptions {
  readonly process: RunnerProcess
  readonly key: number
  readonly plugin: string
  readonly limits: PluginLimits
  readonly observer: Required<Pick<SandboxObserver, 'aroundCall' | 'keepContext' | 'aroundFetch'>>
  readonly hostCall: PluginSpec['hostCall']
  readonly fetch: GuardedFetch
  /** Puts source positions into a text of the plugin. */
  readonly mapSource: (text: string) => string
  onNews(news: SandboxNews): void
}

export interface CallAnswer {
  readonly payload: string | undefined
  readonly bytes: Uint8Array | undefined
}

interface PendingCall {
  /** Runs something in the asynchronous context of whoever called. */
  readonly within: (work: () => void) => void
  resolve(answer: CallAnswer): void
  reject(error: MortiseError): void
}

/** How long past its own deadline a child may stay silent before it is killed, in milliseconds. */
const silenceMs = 3_000

/**
 * The parent's end of one sandbox: the calls under way in it and the requests
 * it made. A plugin has one after the other; each ends once.
 */
export class SandboxConnection {
  readonly process: RunnerProcess
  readonly #options: ConnectionOptions
  readonly #calls = new Map<number, PendingCall>()
  readonly #requests = new Map<number, AbortController>()
  #lastCallId = loadCallId
  #isClosed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.process = options.process
    this.process.listen(options.key, {
      onMessage: (message) => this.#onMessage(message),
      onProcessExit: () =>
        options.onNews({
          type: 'ended',
          key: options.key,
          end: { code: 'PLUGIN_CRASHED', message: 'The process of the sandbox ended', strike: false },
        }),
    })
  }

  /** Whether nothing is under way in either direction. */
  get isIdle(): boolean {
    return this.#calls.size === 0 && this.#requests.size === 0
  }

  async load(spec: SandboxSpec): Promise<void> {
    const { key, limits } = this.#options
    const loaded = this.#around('load', () => this.#waitFor(loadCallId, limits.loadTimeoutMs))
    this.process.send({ type: 'load', key, spec, limits })
    await loaded
  }

  send(kind: CallKind, payload: string, timeoutMs?: number, bytes?: Uint8Array): Promise<CallAnswer> {
    const { key, plugin, limits } = this.#options
    const id = ++this.#lastCallId
    const answer = this.#around(kind, () => this.#waitFor(id, timeoutMs ?? limits.callTimeoutMs))
    if (this.#isClosed) {
      this.#calls.get(id)?.reject(new MortiseError('PLUGIN_CRASHED', `The sandbox of ${plugin} ended`))
    } else this.process.send({ type: 'call', key, id, kind, payload, bytes, timeoutMs })
    return answer
  }

  measure(): void {
    this.process.send({ type: 'measure', key: this.#options.key })
  }

  /** Ends the sandbox; calls under way fail with `error`. */
  close(error: MortiseError): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const { key } = this.#options
    this.process.unlisten(key)
    this.process.send({ type: 'dispose', key })
    for (const request of this.#requests.values()) request.abort()
    for (const call of [...this.#calls.values()]) call.reject(error)
  }

  #around<T>(kind: CallKind | 'load', work: () => Promise<T>): Promise<T> {
    const { plugin, observer } = this.#options
    return observer.aroundCall({ plugin, kind }, work)
  }

  #waitFor(id: number, timeoutMs: number): Promise<CallAnswer> {
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => this.process.kill(), timeoutMs + silenceMs)
      const settle = () => {
        clearTimeout(silence)
        this.#calls.delete(id)
      }
      this.#calls.set(id, {
        within: this.#options.observer.keepContext(),
        resolve: (answer) => {
          settle()
          resolve(answer)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
    })
  }

  #onMessage(message: Extract<ChildMessage, { key: number }>): void {
    if (message.type === 'answered') this.#onAnswer(message)
    else if (message.type === 'request') this.#onRequest(message)
    else if (message.type === 'abort') this.#requests.get(message.id)?.abort()
    else this.#options.onNews(message)
  }

  #onAnswer({ id, outcome, payload, bytes }: Extract<ChildMessage, { type: 'answered' }>): void {
    const { plugin, mapSource } = this.#options
    const call = this.#calls.get(id)
    if (outcome === 'ok') call?.resolve({ payload, bytes })
    else if (outcome === 'late') call?.reject(givenUp(plugin))
    else {
      const code = id === loadCallId ? 'PLUGIN_LOAD_FAILED' : 'PLUGIN_THREW'
      call?.reject(thrownByPlugin(code, plugin, payload, mapSource))
    }
  }

  /** A sandbox does not say for which call it asks, and could lie: the one that waits longest is taken. */
  #onRequest(message: Extract<ChildMessage, { type: 'request' }>): void {
    const [oldest] = this.#calls.values()
    const answer = () => this.#answerRequest(message)
    if (oldest) oldest.within(answer)
    else answer()
  }

  async #answerRequest({
    id,
    kind,
    payload,
    bytes,
  }: Extract<ChildMessage, { type: 'request' }>): Promise<void> {
    const { key, plugin, hostCall, fetch, observer } = this.#options
    const abort = new AbortController()
    this.#requests.set(id, abort)
    try {
      const answer =
        kind === 'host'
          ? await answerHostCall((method, args) => hostCall(method, args), payload, bytes)
          : await answerFetch(fetch, payload, bytes, abort.signal, (request, work) =>
              observer.aroundFetch({ plugin, ...request }, work),
            )
      this.process.send({ type: 'settle', key, id, ok: true, ...answer })
    } catch (thrown) {
      const record = JSON.stringify(toErrorRecord(thrown))
      this.process.send({ type: 'settle', key, id, ok: false, payload: record, bytes: undefined })
    } finally {
      this.#requests.delete(id)
    }
  }
}

/** A deadline cut the call; the plugin goes on. No word of the plugin's is in it. */
function givenUp(plugin: string): MortiseError {
  const message = `${plugin} did not answer in time.`
  return new MortiseError('PLUGIN_TIMEOUT', message, { data: { givenUp: true }, source: 'plugin' })
}
