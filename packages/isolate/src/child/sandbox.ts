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
import type ivm from 'isolated-vm'
import { describeThrown } from '../guest/describe-error.ts'
import {
  type CallOutcome,
  type ChildMessage,
  loadCallId,
  type ParentMessage,
  type PluginLimits,
  type SandboxEnd,
  type SandboxSpec,
} from '../wire.ts'
import type { EcmaModules } from './ecma-modules.ts'
import { Gate, tooLarge } from './gate.ts'
import { GuestPowers } from './guest-powers.ts'
import { GuestTimers } from './guest-timers.ts'
import { loadEntry } from './load-entry.ts'
import { Bucket } from './rates.ts'
import { crashEnd, describeLoss, memoryEnd, timeoutEnd } from './sandbox-end.ts'
import { demandStop, watch } from './watchdog.ts'

export interface SandboxOptions {
  readonly key: number
  readonly limits: PluginLimits
  readonly engine: typeof ivm
  readonly snapshot: ivm.ExternalCopy<ArrayBuffer>
  /** Source of the web's part of the guest runtime. */
  readonly web: string
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

const backgroundBurstMs = 1_000

/** An isolate, its limits and its mailbox. */
export class Sandbox {
  readonly #options: SandboxOptions
  readonly #isolate: ivm.Isolate
  readonly #mailbox: Entry[] = []
  readonly #deadlines = new Map<number, NodeJS.Timeout>()
  readonly #timers = new GuestTimers((id) =>
    this.#enter({ kind: 'timer', id, payload: undefined, bytes: undefined }),
  )
  readonly #gate: Gate
  readonly #internalCalls = new Map<number, (answer: { ok: boolean; payload: string | undefined }) => void>()
  readonly #syncRequests = new Map<number, (answer: string) => void>()
  readonly #backgroundCpu: Bucket
  readonly #powers: GuestPowers
  #modules: EcmaModules | undefined
  #entry: ivm.Reference | undefined
  #isDraining = false
  #running = 0
  #runningId: number | undefined
  #loading = true
  #ended = false
  #internalId = -1
  #progressCpu = 0
  #lastCpuMs = 0
  #memoryBytes = 0
  #isMeasuring = false

  constructor(options: SandboxOptions) {
    this.#options = options
    this.#gate = new Gate(options.limits)
    this.#backgroundCpu = new Bucket(backgroundBurstMs, options.limits.backgroundCpuMsPerSecond)
    this.#powers = new GuestPowers({
      engine: options.engine,
      web: options.web,
      timeoutMs: options.limits.loadTimeoutMs,
      isOpen: (length) => !this.#ended && this.#countMessage(length),
      onMessage: (kind, id, text, bytes) => this.#dispatch(kind, id, text, bytes),
      askHost: (payload) => this.#askHost(payload),
    })
    this.#isolate = new options.engine.Isolate({
      memoryLimit: options.limits.memoryMb,
      snapshot: options.snapshot,
      onCatastrophicError: () => this.#onCatastrophe(),
    })
  }

  /** Runs the shim and the plugin code; the outcome is answered under the id of the load call. */
  async load(spec: SandboxSpec): Promise<void> {
    const { limits } = this.#options
    this.#setDeadline(loadCallId, limits.loadTimeoutMs)
    try {
      const context = await this.#isolate.createContext()
      this.#entry = await this.#powers.start(context)
      const { entry, files, importers } = spec
      await loadEntry({
        plugin: spec.id,
        entry,
        files,
        importers,
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
              importers,
            }),
          ),
        didPrepare: (modules) => {
          // Holds all sources, so only where something may still ask for one.
          if (Object.keys(importers).length > 0) this.#modules = modules
        },
        ask: (kind, payload) => this.#ask(kind, payload),
        watched: (task) => this.#watched(task),
      })
      this.#loading = false
      this.#answer(loadCallId, 'ok', undefined)
    } catch (thrown) {
      if (this.#ended) return
      const lost = describeLoss(thrown)
      if (lost) return this.#end(lost)
      this.#answer(loadCallId, 'threw', failurePayload(thrown))
      this.dispose()
    }
  }

  call({ id, kind, payload, bytes, timeoutMs }: Extract<ParentMessage, { type: 'call' }>): void {
    if (timeoutMs === undefined) this.#setDeadline(id, this.#options.limits.callTimeoutMs)
    else this.#setShortDeadline(id, timeoutMs)
    this.#enter({ kind, id, payload, bytes })
  }

  settle({ id, ok, payload, bytes }: Settlement): void {
    const answerSync = this.#syncRequests.get(id)
    this.#gate.close(id)
    if (answerSync) {
      this.#syncRequests.delete(id)
      answerSync(JSON.stringify({ ok, payload }))
      return
    }
    this.#enter({ kind: ok ? 'settled' : 'failed', id, payload, bytes })
  }

  /** Tells the parent what the sandbox has used. One that is busy says what its memory was before. */
  async measure(): Promise<void> {
    if (this.#ended || this.#isMeasuring) return
    this.#isMeasuring = true
    try {
      if (this.#running === 0) {
        const heap = await this.#isolate.getHeapStatistics()
        this.#memoryBytes = heap.used_heap_size + heap.externally_allocated_size
      }
    } catch {
      // It was disposed of meanwhile.
    } finally {
      this.#isMeasuring = false
    }
    if (!this.#ended) this.#tellUsage()
  }

  #tellUsage(): void {
    this.#options.post({
      type: 'usage',
      key: this.#options.key,
      cpuMs: this.#cpuMs(),
      memoryBytes: this.#memoryBytes,
    })
  }

  /** Ends the isolate without a word to the parent. */
  dispose(): void {
    if (this.#ended) return
    this.#ended = true
    this.#timers.stopAll()
    for (const timer of this.#deadlines.values()) clearTimeout(timer)
    // An isolate that blocks in a synchronous host call is freed by its answer only.
    for (const answerSync of this.#syncRequests.values()) answerSync('{"ok":false}')
    this.#mailbox.length = 0
    if (!this.#isolate.isDisposed) this.#isolate.dispose()
    const isStopped = () => this.#running === 0
    if (!isStopped()) demandStop(isStopped, () => this.#die())
    this.#options.onEnded()
  }

  #end(end: SandboxEnd): void {
    if (this.#ended) return
    this.#tellUsage()
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
    if (!this.#isDraining) this.#drain()
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    for (let next = this.#mailbox.shift(); next && !this.#ended; next = this.#mailbox.shift()) {
      await this.#run(next)
    }
    this.#isDraining = false
  }

  async #run({ kind, id, payload, bytes }: Entry): Promise<void> {
    const { limits, engine } = this.#options
    const isBackground = this.#deadlines.size === 0
    const startCpu = isBackground ? this.#cpuMs() : 0
    this.#runningId = isCall(kind) ? id : undefined
    try {
      const copy =
        bytes && new engine.ExternalCopy(toArrayBuffer(bytes)).copyInto({ release: true, transferIn: true })
      const result: unknown = await this.#watched(() =>
        this.#entry?.apply(undefined, [kind, id, payload, copy], {
          // Wall time, and only a backstop: the watchdog counts CPU time.
          timeout: Math.max(limits.callTimeoutMs, limits.loadTimeoutMs) + 1_000,
        }),
      )
      // What was there at once; counted like everything else that leaves.
      if (typeof result === 'string' && !this.#ended && this.#countMessage(result.length)) {
        this.#dispatch('result', id, result, undefined)
      }
    } catch (thrown) {
      const loss = describeLoss(thrown)
      if (loss) this.#end(loss)
      else if (this.#isolate.isDisposed) this.#end(crashEnd('The sandbox of the plugin failed'))
      else {
        this.#logRejection(thrown)
        const isOpen = this.#deadlines.has(id) || this.#internalCalls.has(id)
        if (isOpen) this.#enter({ kind: 'repeat', id, payload: undefined, bytes: undefined })
      }
    } finally {
      this.#runningId = undefined
    }
    if (this.#ended || !isBackground) return
    if (!this.#backgroundCpu.take(this.#cpuMs() - startCpu)) {
      this.#end(timeoutEnd('The timers of the plugin used too much CPU time'))
    }
  }

  /** The entry function itself never throws: what comes out of it is a rejection that nobody handles. */
  #logRejection(thrown: unknown): void {
    const { name, message, stack } = describeThrown(thrown)
    // Past the boundary come frames of this process.
    const trace = stack?.split(/\n\s+at \(<isolated-vm boundary>\)/, 1)[0] ?? `${name}: ${message}`
    const line = { level: 'error', message: `Unhandled rejection: ${trace}` }
    for (const payload of this.#gate.passLog(JSON.stringify(line))) {
      this.#options.post({ type: 'log', key: this.#options.key, payload })
    }
  }

  /** Does something with the isolate under the eyes of the watchdog. */
  async #watched<T>(task: () => T): Promise<Awaited<T>> {
    const { limits } = this.#options
    const startCpu = this.#cpuMs()
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
    this.#running++
    try {
      return await task()
    } finally {
      this.#running--
      unwatch()
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

  /**
   * A call that somebody waits for and that is cheap to do without. It is given
   * up at its time; the sandbox ends only when this very call holds the isolate.
   */
  #setShortDeadline(id: number, ms: number): void {
    const timer = setTimeout(() => {
      if (this.#runningId === id) this.#end(timeoutEnd(`The plugin did not answer within ${ms} ms`))
      else this.#answer(id, 'late', undefined)
    }, ms)
    this.#deadlines.set(id, timer)
  }

  #answer(id: number, outcome: CallOutcome, payload: string | undefined, bytes?: Uint8Array): void {
    clearTimeout(this.#deadlines.get(id))
    this.#deadlines.delete(id)
    this.#options.post({ type: 'answered', key: this.#options.key, id, outcome, payload, bytes })
  }

  #dispatch(kind: string, id: number, text: string | undefined, bytes: Uint8Array | undefined): void {
    const { key, post, limits } = this.#options
    if (kind === 'result' || kind === 'error') {
      const isTooLarge = this.#gate.isTooLong(text) || (bytes?.byteLength ?? 0) > limits.answerBytes
      if (isTooLarge) this.#onAnswer(id, false, tooLarge('The result of the call'))
      else this.#onAnswer(id, kind === 'result', text, bytes)
    } else if (kind === 'host' || kind === 'fetch') {
      const refusal = this.#gate.open(id, kind, text, bytes?.byteLength ?? 0)
      if (refusal) this.#enter({ kind: 'failed', id, payload: refusal, bytes: undefined })
      else post({ type: 'request', key, id, kind, payload: text ?? '', bytes })
    } else if (kind === 'import') {
      const refusal = this.#gate.open(id, kind, text, 0)
      if (refusal) this.#enter({ kind: 'failed', id, payload: refusal, bytes: undefined })
      else this.#import(id, text ?? '')
    } else if (kind === 'abort') {
      if (this.#gate.abort(id)) post({ type: 'abort', key, id })
    } else if (kind === 'timer') this.#timers.start(id, Number(text))
    else if (kind === 'clear') this.#timers.stop(id)
    else if (kind === 'log') {
      for (const payload of this.#gate.passLog(text ?? '')) post({ type: 'log', key, payload })
    } else if (kind === 'lists' && !this.#gate.isTooLong(text))
      post({ type: 'lists', key, payload: text ?? '' })
  }

  #onAnswer(id: number, ok: boolean, payload: string | undefined, bytes?: Uint8Array): void {
    const internal = this.#internalCalls.get(id)
    if (internal) {
      this.#internalCalls.delete(id)
      internal({ ok, payload })
    } else if (id !== loadCallId && this.#deadlines.has(id))
      this.#answer(id, ok ? 'ok' : 'threw', payload, bytes)
  }

  /** Loads a module that code of the package asked for with `import()`. */
  async #import(id: number, text: string): Promise<void> {
    try {
      const { from, specifier } = JSON.parse(text) as { from: unknown; specifier: unknown }
      await this.#modules?.load(String(specifier), String(from), id)
      this.settle({ id, ok: true, payload: undefined, bytes: undefined })
    } catch (thrown) {
      const loss = describeLoss(thrown)
      if (loss) this.#end(loss)
      else this.settle({ id, ok: false, payload: failurePayload(thrown), bytes: undefined })
    }
  }

  #askHost(payload: string): Promise<string> {
    const { key, post } = this.#options
    return new Promise((resolve) => {
      if (this.#ended) return resolve('{"ok":false}')
      const id = this.#internalId--
      // A flood is answered when the isolate is disposed of, which is under way then.
      const isFlood = !this.#countMessage(payload.length)
      const refusal = isFlood ? undefined : this.#gate.open(id, 'host', payload, 0)
      if (refusal) return resolve(JSON.stringify({ ok: false, payload: refusal }))
      this.#syncRequests.set(id, resolve)
      if (!isFlood) post({ type: 'request', key, id, kind: 'host', payload, bytes: undefined })
    })
  }

  #countMessage(length = 0): boolean {
    if (this.#gate.countMessage(length)) return true
    setImmediate(() => this.#end(crashEnd('The plugin sent too many messages')))
    return false
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

/** Entries that start a call; the others carry ids of timers and requests. */
function isCall(kind: string): boolean {
  return kind === 'filter' || kind === 'ring' || kind === 'http'
}

function failurePayload(thrown: unknown): string {
  if (thrown instanceof GuestFailure) return thrown.payload
  const { name, message } = thrown instanceof Error ? thrown : new Error('Loading failed')
  const { code } = thrown as { code?: unknown }
  return JSON.stringify({ name, message, ...(typeof code === 'string' ? { code } : {}) })
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
