/**
 * One isolate with one plugin.
 *
 * What must hold: the guest reaches the outside only through `#on…`
 * callbacks made here, which never throw and take strings, numbers and bytes;
 * it is entered only through one function, one entry at a time, each entry
 * with a CPU limit; when anything goes wrong the isolate is disposed of, never
 * repaired. The identity of the plugin is this object, not something a message
 * says.
 */
import { randomBytes } from 'node:crypto'
import type ivm from 'isolated-vm'
import {
  type CallKind,
  type ChildMessage,
  loadCallId,
  type PluginLimits,
  type RequestKind,
  type SandboxEnd,
  type SandboxSpec,
} from '../wire.ts'
import { loadEntry } from './load-entry.ts'
import { Bucket } from './rates.ts'
import { demandStop, watch } from './watchdog.ts'

export interface SandboxOptions {
  readonly key: number
  readonly spec: SandboxSpec
  readonly limits: PluginLimits
  readonly engine: typeof ivm
  readonly snapshot: ivm.ExternalCopy<ArrayBuffer>
  post(message: ChildMessage): void
  onEnded(): void
}

interface Entry {
  readonly kind: string
  readonly id: number
  readonly payload: string | undefined
  readonly bytes: Uint8Array | undefined
}

interface Settlement {
  readonly id: number
  readonly ok: boolean
  readonly payload: string | undefined
  readonly bytes: Uint8Array | undefined
}

const logBurst = 200
const logsPerSecond = 50
const longestLog = 20_000
const backgroundBurstMs = 1_000
/** JSON text the parent has to parse, in UTF-16 units: at once, and per second. */
const textBurst = 16 * 1024 * 1024
const textPerSecond = 4 * 1024 * 1024
/** Request bodies, in bytes: at once, and per second. */
const bodyBurst = 64 * 1024 * 1024
const bodyPerSecond = 16 * 1024 * 1024

// Taken before the guest global is deleted, so that plugin code never sees it. The
// Reference behind `requestSync` stays inside this closure.
const bootSource = `
  const start = globalThis.__mortiseStart
  delete globalThis.__mortiseStart
  delete globalThis['__core-js_shared__']
  const ask = $2.applySyncPromise.bind($2, undefined)
  return start({ send: $0, random: $1, requestSync: (payload) => ask([payload]) })
`

/** An isolate, its limits and its mailbox. */
export class Sandbox {
  readonly #options: SandboxOptions
  readonly #isolate: ivm.Isolate
  readonly #mailbox: Entry[] = []
  readonly #deadlines = new Map<number, NodeJS.Timeout>()
  readonly #timers = new Map<number, NodeJS.Timeout>()
  readonly #internalCalls = new Map<number, (answer: { ok: boolean; payload: string | undefined }) => void>()
  readonly #syncRequests = new Map<number, (answer: string) => void>()
  readonly #openRequests = new Map<number, RequestKind>()
  readonly #messages: Bucket
  readonly #logs = new Bucket(logBurst, logsPerSecond)
  readonly #text = new Bucket(textBurst, textPerSecond)
  readonly #bodies = new Bucket(bodyBurst, bodyPerSecond)
  readonly #backgroundCpu: Bucket
  #entry: ivm.Reference | undefined
  #entering = false
  #loading = true
  #ended = false
  #internalId = -1
  #droppedLogs = 0
  #progressCpu = 0
  #lastCpuMs = 0

  constructor(options: SandboxOptions) {
    this.#options = options
    this.#messages = new Bucket(options.limits.messagesPerSecond, options.limits.messagesPerSecond)
    this.#backgroundCpu = new Bucket(backgroundBurstMs, options.limits.backgroundCpuMsPerSecond)
    this.#isolate = new options.engine.Isolate({
      memoryLimit: options.limits.memoryMb,
      snapshot: options.snapshot,
      onCatastrophicError: () => this.#onCatastrophe(),
    })
  }

  /** Runs the shim and the plugin code; the outcome is answered under the id of the load call. */
  async load(): Promise<void> {
    const { spec, limits, engine } = this.#options
    this.#setDeadline(loadCallId, limits.loadTimeoutMs)
    try {
      const context = await this.#isolate.createContext()
      this.#entry = (await context.evalClosure(
        bootSource,
        [
          new engine.Callback((...message: unknown[]) => this.#onSend(message)),
          new engine.Callback((length: unknown) => this.#onRandom(length)),
          new engine.Reference((payload: unknown) => this.#onSyncRequest(payload)),
        ],
        { result: { reference: true }, timeout: limits.loadTimeoutMs },
      )) as ivm.Reference
      const { entry, files } = spec
      await loadEntry({
        plugin: spec.id,
        entry,
        files,
        isolate: this.#isolate,
        context,
        timeoutMs: limits.loadTimeoutMs,
        prepare: () =>
          this.#ask(
            'prepare',
            JSON.stringify({
              id: spec.id,
              shim: spec.shim,
              config: spec.config,
              manifest: spec.manifest,
              files,
            }),
          ),
        ask: (kind, payload) => this.#ask(kind, payload),
      })
      this.#loading = false
      this.#answer(loadCallId, true, undefined)
    } catch (thrown) {
      if (this.#ended) return
      const lost = describeLoss(thrown)
      if (lost) return this.#end(lost)
      this.#answer(loadCallId, false, failurePayload(thrown))
      this.dispose()
    }
  }

  call(id: number, kind: CallKind, payload: string): void {
    this.#setDeadline(id, this.#options.limits.callTimeoutMs)
    this.#enter({ kind, id, payload, bytes: undefined })
  }

  settle({ id, ok, payload, bytes }: Settlement): void {
    const answerSync = this.#syncRequests.get(id)
    this.#openRequests.delete(id)
    if (answerSync) {
      this.#syncRequests.delete(id)
      answerSync(JSON.stringify({ ok, payload }))
      return
    }
    this.#enter({ kind: ok ? 'settled' : 'failed', id, payload, bytes })
  }

  /** Ends the isolate without a word to the parent. */
  dispose(): void {
    if (this.#ended) return
    this.#ended = true
    for (const timer of [...this.#timers.values(), ...this.#deadlines.values()]) clearTimeout(timer)
    // An isolate that blocks in a synchronous host call is freed by its answer only.
    for (const answerSync of this.#syncRequests.values()) answerSync('{"ok":false}')
    this.#mailbox.length = 0
    if (!this.#isolate.isDisposed) this.#isolate.dispose()
    if (this.#entering)
      demandStop(
        () => !this.#entering,
        () => this.#die(),
      )
    this.#options.onEnded()
  }

  #end(end: SandboxEnd): void {
    if (this.#ended) return
    this.#options.post({ type: 'ended', key: this.#options.key, end })
    this.dispose()
  }

  /** V8 has lost this isolate and may take the process with it: say whose fault it is, then go. */
  #onCatastrophe(): void {
    if (!this.#ended) this.#options.post({ type: 'ended', key: this.#options.key, end: memoryEnd() })
    this.#die()
  }

  #die(): void {
    this.#options.post({ type: 'dying' })
    process.kill(process.pid, 'SIGKILL')
  }

  #enter(entry: Entry): void {
    if (this.#ended) return
    this.#mailbox.push(entry)
    if (!this.#entering) this.#drain()
  }

  async #drain(): Promise<void> {
    this.#entering = true
    for (let next = this.#mailbox.shift(); next && !this.#ended; next = this.#mailbox.shift()) {
      await this.#run(next)
    }
    this.#entering = false
  }

  async #run({ kind, id, payload, bytes }: Entry): Promise<void> {
    const { limits, engine } = this.#options
    const startCpu = this.#cpuMs()
    const isBackground = this.#deadlines.size === 0
    const allowedMs = this.#loading ? limits.loadTimeoutMs : limits.cpuMsPerSlice
    const unwatch = watch({
      allowedBytes: limits.memoryMb * 3 * 1024 * 1024,
      usedMs: () => this.#cpuMs() - startCpu,
      check: () => {
        if (this.#isolate.isDisposed) this.#end(memoryEnd())
        else if (this.#cpuMs() - startCpu > allowedMs) {
          this.#end(timeoutEnd(`The plugin ran for more than ${allowedMs} ms without a pause`))
        }
      },
      endForMemory: () => this.#end(memoryEnd()),
    })
    try {
      const copy =
        bytes && new engine.ExternalCopy(toArrayBuffer(bytes)).copyInto({ release: true, transferIn: true })
      await this.#entry?.apply(undefined, [kind, id, payload, copy], {
        // Wall time, and only a backstop: the watchdog above counts CPU time.
        timeout: Math.max(limits.callTimeoutMs, limits.loadTimeoutMs) + 1_000,
      })
    } catch (thrown) {
      this.#end(
        describeLoss(thrown) ?? {
          code: 'PLUGIN_CRASHED',
          message: 'The sandbox of the plugin failed',
          strike: true,
        },
      )
    } finally {
      unwatch()
    }
    if (this.#ended) return
    const usedMs = this.#cpuMs() - startCpu
    if (isBackground && !this.#backgroundCpu.take(usedMs)) {
      this.#end(timeoutEnd('The timers of the plugin used too much CPU time'))
    }
  }

  #cpuMs(): number {
    if (!this.#isolate.isDisposed) this.#lastCpuMs = Number(this.#isolate.cpuTime) / 1e6
    return this.#lastCpuMs
  }

  /** Calls the guest runtime and waits for its answer; only while loading. */
  #ask(kind: string, payload: string): Promise<string | undefined> {
    const id = this.#internalId--
    return new Promise((resolve, reject) => {
      this.#internalCalls.set(id, ({ ok, payload }) =>
        ok ? resolve(payload) : reject(new GuestFailure(payload ?? '{}')),
      )
      this.#enter({ kind, id, payload, bytes: undefined })
    })
  }

  #setDeadline(id: number, ms: number): void {
    this.#progressCpu = this.#cpuMs()
    const timer = setTimeout(() => {
      const busyMs = this.#cpuMs() - this.#progressCpu
      this.#end({
        code: 'PLUGIN_TIMEOUT',
        message: `The plugin did not finish within ${ms} ms`,
        strike: busyMs > ms / 4,
      })
    }, ms)
    this.#deadlines.set(id, timer)
  }

  #answer(id: number, ok: boolean, payload: string | undefined): void {
    clearTimeout(this.#deadlines.get(id))
    this.#deadlines.delete(id)
    this.#options.post({ type: 'answered', key: this.#options.key, id, ok, payload })
  }

  /** A message from inside. Nothing about it can be trusted, and nothing here may throw into the guest. */
  #onSend([kind, id, payload, bytes]: unknown[]): void {
    try {
      const length = typeof payload === 'string' ? payload.length : 0
      if (this.#ended || !this.#countMessage(length)) return
      if (typeof id !== 'number' || !Number.isSafeInteger(id)) return
      const text = typeof payload === 'string' ? payload : undefined
      this.#dispatch(String(kind), id, text, bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : undefined)
    } catch {
      // Thrown errors would carry this process's stack into the guest.
    }
  }

  #onRandom(length: unknown): ArrayBuffer {
    const isAllowed = typeof length === 'number' && length >= 0 && length <= 65_536 && this.#countMessage()
    return toArrayBuffer(randomBytes(isAllowed ? length : 0))
  }

  #countMessage(length = 0): boolean {
    if (this.#messages.take(1) && this.#text.take(length)) return true
    setImmediate(() =>
      this.#end({ code: 'PLUGIN_CRASHED', message: 'The plugin sent too many messages', strike: true }),
    )
    return false
  }

  #dispatch(kind: string, id: number, text: string | undefined, bytes: Uint8Array | undefined): void {
    const { key, limits, post } = this.#options
    const isTooLong = (text?.length ?? 0) > limits.messageLength
    if (kind === 'result' || kind === 'error') {
      if (isTooLong) this.#onAnswer(id, false, tooLarge('The result of the call'))
      else this.#onAnswer(id, kind === 'result', text)
    } else if (kind === 'host' || kind === 'fetch') {
      const size = bytes?.byteLength ?? 0
      const isTooHeavy = isTooLong || size > limits.fetchBodyBytes || !this.#bodies.take(size)
      const refusal = this.#refuseRequest(id, kind, isTooHeavy)
      if (refusal) {
        this.#enter({ kind: 'failed', id, payload: refusal, bytes: undefined })
        return
      }
      this.#openRequests.set(id, kind)
      post({ type: 'request', key, id, kind, payload: text ?? '', bytes })
    } else if (kind === 'abort') {
      if (this.#openRequests.delete(id)) post({ type: 'abort', key, id })
    } else if (kind === 'timer') this.#startTimer(id, Number(text))
    else if (kind === 'clear') this.#clearTimer(id)
    else if (kind === 'log') this.#log(text ?? '')
    else if (kind === 'lists' && !isTooLong) post({ type: 'lists', key, payload: text ?? '' })
  }

  #onAnswer(id: number, ok: boolean, payload: string | undefined): void {
    const internal = this.#internalCalls.get(id)
    if (internal) {
      this.#internalCalls.delete(id)
      internal({ ok, payload })
    } else if (id !== loadCallId && this.#deadlines.has(id)) this.#answer(id, ok, payload)
  }

  #refuseRequest(id: number, kind: RequestKind, isTooLarge: boolean): string | undefined {
    if (isTooLarge) return tooLarge('The request')
    const { openRequests, openFetches } = this.#options.limits
    const open = this.#openRequests
    const hasFetches =
      kind === 'fetch' && [...open.values()].filter((one) => one === 'fetch').length >= openFetches
    if (!open.has(id) && open.size < openRequests && !hasFetches) return undefined
    const message = `A plugin may have at most ${hasFetches ? `${openFetches} fetches` : `${openRequests} requests`} open`
    return JSON.stringify({ name: 'MortiseError', code: 'RATE_LIMITED', message })
  }

  #onSyncRequest(payload: unknown): Promise<string> {
    return new Promise((resolve) => {
      const id = this.#internalId--
      const isTooLong = typeof payload !== 'string' || payload.length > this.#options.limits.messageLength
      const length = typeof payload === 'string' ? payload.length : 0
      if (this.#ended || !this.#countMessage(length)) {
        // Answered when the isolate is disposed of, which is under way.
        if (this.#ended) resolve('{"ok":false}')
        else this.#syncRequests.set(id, resolve)
        return
      }
      const refusal = this.#refuseRequest(id, 'host', isTooLong)
      if (refusal) return resolve(JSON.stringify({ ok: false, payload: refusal }))
      this.#openRequests.set(id, 'host')
      this.#syncRequests.set(id, resolve)
      this.#options.post({
        type: 'request',
        key: this.#options.key,
        id,
        kind: 'host',
        payload: String(payload),
        bytes: undefined,
      })
    })
  }

  #startTimer(id: number, ms: number): void {
    if (this.#timers.size >= 1_024) return
    clearTimeout(this.#timers.get(id))
    const timer = setTimeout(
      () => {
        this.#timers.delete(id)
        this.#enter({ kind: 'timer', id, payload: undefined, bytes: undefined })
      },
      Math.min(Math.max(ms || 0, 4), 2 ** 31 - 1),
    )
    this.#timers.set(id, timer)
  }

  #clearTimer(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
  }

  #log(text: string): void {
    const { key, post } = this.#options
    if (text.length > longestLog || !this.#logs.take(1)) {
      this.#droppedLogs++
      return
    }
    post({ type: 'log', key, payload: text })
    if (this.#droppedLogs === 0) return
    const message = `${this.#droppedLogs} log lines were dropped: too many or too long`
    this.#droppedLogs = 0
    post({ type: 'log', key, payload: JSON.stringify({ level: 'warn', message }) })
  }
}

/** The guest runtime answered with an error; the payload is its record. */
export class GuestFailure extends Error {
  readonly payload: string

  constructor(payload: string) {
    super('The guest answered with an error')
    this.payload = payload
  }
}

function failurePayload(thrown: unknown): string {
  if (thrown instanceof GuestFailure) return thrown.payload
  const { name, message } = thrown instanceof Error ? thrown : new Error('Loading failed')
  return JSON.stringify({ name, message })
}

function timeoutEnd(message: string): SandboxEnd {
  return { code: 'PLUGIN_TIMEOUT', message, strike: true }
}

function memoryEnd(): SandboxEnd {
  return { code: 'PLUGIN_MEMORY', message: 'The plugin used more memory than its limit', strike: true }
}

/** Reads from an engine error whether the isolate itself is lost, and why. */
function describeLoss(thrown: unknown): SandboxEnd | undefined {
  const message = thrown instanceof Error ? thrown.message : ''
  if (/memory limit/i.test(message) || /allocation failed/i.test(message)) {
    return memoryEnd()
  }
  if (/timed out/i.test(message)) return timeoutEnd('The plugin ran for too long without a pause')
  if (/disposed/i.test(message)) {
    return { code: 'PLUGIN_CRASHED', message: 'The sandbox of the plugin ended', strike: true }
  }
  return undefined
}

function tooLarge(what: string): string {
  return JSON.stringify({ name: 'MortiseError', code: 'PAYLOAD_TOO_LARGE', message: `${what} is too large` })
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
