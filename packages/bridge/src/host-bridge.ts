/**
 * The guard. A guest speaks Comlink; this end does not. Comlink's `expose` walks
 * property paths a guest chooses, constructs, assigns and hands out fresh ports,
 * so none of it runs here. One message form is read, its method is looked up in
 * a Map compiled from the grants, its arguments are measured and parsed, and
 * only then something of the host is called.
 */
import {
  bridgeLimits,
  type CallResult,
  type CallTuple,
  formatIssues,
  type HostMessage,
  internalError,
  MortiseError,
  parse,
  toErrorRecord,
} from '@mortise/contract'
import { packResults } from './batch.ts'
import { measure, protoKey, tooLarge } from './measure.ts'
import { PacedQueue } from './paced-queue.ts'
import { PendingCalls } from './pending-calls.ts'
import { type CallRequest, readRequest, type ViolationReason } from './read-request.ts'
import { refuse } from './refuse.ts'
import { buffersIn } from './transfer.ts'
import type {
  BoundMethod,
  BridgeLimits,
  BridgePort,
  BridgeStats,
  CallObserver,
  HostBridge,
  HostBridgeOptions,
  MethodMap,
} from './types.ts'

/** An answer that was not ready at once. */
interface LateReply {
  readonly id: string
  readonly value: CallResult | readonly CallResult[]
}

type Outcome = CallResult | Promise<CallResult>

/** A message that carries much counts as several: else a batch would carry a thousandfold of the rate. */
const callsPerToken = 50
const bytesPerToken = 20_000
/** Messages read and answers sent before the page gets its turn: a few milliseconds of work. */
const itemsPerTurn = 300
/** What a message carries lasts longer to read than the message itself. */
const itemsPerToken = 10
/** Share of the newest message in what messages weigh. */
const newestWeight = 0.2
/** Only the size of what was walked is known of too much, so few of them are allowed. */
const tooLargeViolations = 5

/** Guards the host's end of a channel. */
export function createHostBridge(options: HostBridgeOptions): HostBridge {
  return new Guard(options)
}

class Guard implements HostBridge {
  readonly #port: BridgePort
  readonly #limits: BridgeLimits
  readonly #clock: () => number
  readonly #options: HostBridgeOptions
  readonly #onCall: CallObserver | undefined
  #methods: MethodMap
  /** Messages per second. */
  #rate: number
  #tokens: number
  #refilledAt: number
  #messages = 0
  #calls = 0
  #violations = 0
  #closed = false
  readonly #pending: PendingCalls
  /** Unanswered calls that came with a key. */
  readonly #cancellable = new Map<number, AbortController>()
  /** Tokens a message costs, averaged over the last ones. */
  #weight = 1
  readonly #inbox = new PacedQueue<MessageEvent | undefined>(
    (event) => this.#read(event),
    itemsPerTurn,
    () => this.#debtMs(),
  )
  readonly #outbox = new PacedQueue<LateReply>(({ id, value }) => this.#reply(id, value), itemsPerTurn)

  constructor(options: HostBridgeOptions) {
    this.#options = options
    this.#onCall = options.onCall
    this.#port = options.port
    this.#methods = options.methods
    this.#limits = { ...bridgeLimits, ...options.limits }
    // Looked up once: in a page `performance` is a getter, five times as slow as the clock behind it.
    const { performance } = globalThis
    this.#clock = options.clock ?? (() => performance.now())
    this.#pending = new PendingCalls(this.#clock)
    this.#rate = this.#limits.messagesPerSecond
    this.#tokens = this.#rate
    this.#refilledAt = this.#clock()
    this.#port.addEventListener('message', this.#onMessage)
    this.#port.addEventListener('messageerror', this.#onMessageError)
    this.#port.start?.()
  }

  get stats(): BridgeStats {
    return {
      messages: this.#messages,
      calls: this.#calls,
      violations: this.#violations,
      pending: this.#pending.size,
      waiting: this.#inbox.waiting,
      closed: this.#closed,
    }
  }

  send(message: HostMessage): void {
    if (!this.#closed) this.#port.postMessage(message)
  }

  setMethods(methods: MethodMap): void {
    this.#methods = methods
  }

  cancel(key: number): void {
    this.#cancellable.get(key)?.abort()
  }

  throttle(messagesPerSecond: number = this.#limits.messagesPerSecond): void {
    this.#rate = messagesPerSecond
    this.#tokens = Math.min(this.#tokens, messagesPerSecond)
    this.#refilledAt = this.#clock()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#port.removeEventListener('message', this.#onMessage)
    this.#port.removeEventListener('messageerror', this.#onMessageError)
    this.#port.close()
    this.#inbox.clear()
    this.#outbox.clear()
    this.#pending.forget()
    for (const controller of this.#cancellable.values()) controller.abort()
    this.#cancellable.clear()
  }

  readonly #onMessage = (event: MessageEvent): void => this.#arrive(event)
  readonly #onMessageError = (): void => this.#arrive(undefined)

  /** Reads a message or puts it aside. Nothing is looked at before it is its turn: that is what costs. */
  #arrive(event: MessageEvent | undefined): void {
    this.#messages++
    if (this.#inbox.waiting * this.#weight >= this.#limits.flood) this.#shut('flood')
    else this.#inbox.push(event)
  }

  /** @param event - `undefined` for a message that could not be deserialized. */
  #read(event: MessageEvent | undefined): void {
    const before = this.#tokens--
    if (!event) this.#violate('undeserializable')
    else if (event.ports?.length > 0) {
      for (const port of event.ports) port.close()
      this.#violate('transferred-port')
    } else {
      const request = readRequest(event.data, this.#limits.batch)
      if (typeof request === 'string') this.#violate(request)
      else this.#answer(request)
    }
    const cost = before - this.#tokens
    if (cost !== this.#weight) this.#weight += (cost - this.#weight) * newestWeight
  }

  /** Counts a message that carries much as several. */
  #charge(messages: number): void {
    this.#tokens -= messages
    this.#inbox.spend(messages * itemsPerToken)
  }

  /**
   * Milliseconds until the rate allows another message. The clock is read only when
   * tokens have run out: reading it costs as much as the rest of the guard.
   */
  #debtMs(): number {
    if (this.#tokens > 0) return 0
    const perMs = this.#rate / 1000
    const now = this.#clock()
    this.#tokens = Math.min(this.#rate, this.#tokens + (now - this.#refilledAt) * perMs)
    this.#refilledAt = now
    return this.#tokens > 0 ? 0 : Math.max(1, -this.#tokens / perMs)
  }

  #violate(reason: ViolationReason, count = 1): void {
    this.#violations += count
    this.#options.onViolation?.(reason)
    if (this.#violations >= this.#limits.violations) this.#shut(reason)
  }

  #shut(reason: ViolationReason): void {
    if (this.#closed) return
    this.close()
    this.#options.onClose?.(reason)
  }

  #answer({ id, calls, batch }: CallRequest): void {
    // Read once for a message, and only for an observer: the clock costs as much as the guard.
    if (this.#onCall) this.#startedAt = this.#clock()
    if (!batch) {
      const outcome = this.#run(calls[0]!, this.#limits.callBytes)
      if (outcome instanceof Promise) outcome.then((value) => this.#outbox.push({ id, value }))
      else {
        const size = this.#measured
        this.#reply(id, outcome)
        if (this.#onCall) this.#tell(calls[0]![0], size, this.#clock() - this.#startedAt, outcome)
      }
      return
    }
    this.#charge(calls.length / callsPerToken)
    let budget = this.#limits.batchBytes
    let waiting = false
    const outcomes: Outcome[] = []
    const sizes: number[] = []
    for (const call of calls) {
      if (this.#closed) break
      const outcome = this.#run(call, Math.min(budget, this.#limits.callBytes))
      budget -= this.#measured
      waiting ||= outcome instanceof Promise
      outcomes.push(outcome)
      sizes.push(this.#measured)
    }
    if (waiting) Promise.all(outcomes).then((value) => this.#outbox.push({ id, value }))
    else this.#reply(id, outcomes)
    if (!this.#onCall) return
    const durationMs = (this.#clock() - this.#startedAt) / outcomes.length
    for (let index = 0; index < outcomes.length; index++) {
      const outcome = outcomes[index]!
      if (!(outcome instanceof Promise)) this.#tell(calls[index]![0], sizes[index]!, durationMs, outcome)
    }
  }

  /** Tells the observer of a call that was answered at once. */
  #tell(name: string, bytes: number, durationMs: number, result: CallResult): void {
    this.#onCall?.(name, bytes, this.#startedAt, durationMs, outcomeOf(result))
  }

  /** Where an observer wants to be told of a call that is not answered at once. */
  #watch(name: string, bytes: number): ((result: CallResult) => void) | undefined {
    const onCall = this.#onCall
    if (!onCall) return undefined
    const startedAt = this.#startedAt
    return (result) => onCall(name, bytes, startedAt, this.#clock() - startedAt, outcomeOf(result))
  }

  /** When the message at hand arrived. */
  #startedAt = 0

  /** Bytes of the last call's arguments. */
  #measured = 0

  #run([name, args, key]: CallTuple, budget: number): Outcome {
    this.#calls++
    this.#measured = 0
    const size = measure(args, budget)
    if (size < 0) return this.#refuseShape(name, size)
    this.#measured = size
    if (size >= bytesPerToken) this.#charge(size / bytesPerToken)
    const method = this.#methods.get(name)
    if (!method) return refuse('METHOD_UNKNOWN', `No method is called ${name}.`)
    const { definition } = method
    if (!method.invoke) {
      return refuse('PERMISSION_DENIED', `${name} needs the permission ${definition.permission}.`, {
        permission: definition.permission,
        method: name,
      })
    }
    if (method.maxBytes !== undefined && size > method.maxBytes) {
      return refuse('PAYLOAD_TOO_LARGE', `${name} takes at most ${method.maxBytes} bytes.`)
    }
    const parsed = parse(definition.args, args)
    if (!parsed.ok) {
      return refuse('INPUT_INVALID', `${name}: ${formatIssues(parsed.issues)}`, { issues: parsed.issues })
    }
    if (this.#pending.size >= this.#limits.inFlight) {
      return refuse('RATE_LIMITED', `${this.#pending.size} calls are unanswered; ${name} has to wait.`)
    }
    try {
      const deadlineMs = method.deadlineMs ?? this.#limits.deadlineMs
      if (key !== undefined) return this.#runUntil(key, name, method, parsed.value, deadlineMs, size)
      const value = method.invoke(parsed.value)
      if (!(value instanceof Promise)) return { ok: true, value }
      return this.#pending.wait(name, value, deadlineMs, this.#watch(name, size))
    } catch (error) {
      return { ok: false, error: toErrorRecord(error) }
    }
  }

  /** A call that may be cancelled. */
  #runUntil(
    key: number,
    name: string,
    method: BoundMethod,
    args: readonly unknown[],
    deadlineMs: number,
    size: number,
  ): Outcome {
    if (this.#cancellable.has(key)) {
      return refuse('INPUT_INVALID', `${name} came with the key of a call that is unanswered.`)
    }
    const controller = new AbortController()
    const value = method.invoke(args, controller.signal)
    if (!(value instanceof Promise)) return { ok: true, value }
    this.#cancellable.set(key, controller)
    const cancelled = new Promise((_resolve, reject) => {
      controller.signal.addEventListener('abort', () => {
        reject(new MortiseError('CALL_CANCELLED', `${name} was cancelled.`))
      })
    })
    const watch = this.#watch(name, size)
    return this.#pending.wait(name, Promise.race([value, cancelled]), deadlineMs, (result) => {
      this.#cancellable.delete(key)
      // Past its deadline nobody waits for the provider any more. One that has answered does not listen.
      controller.abort()
      watch?.(result)
    })
  }

  #refuseShape(name: string, size: number): CallResult {
    if (size === tooLarge) {
      this.#violate('too-large', tooLargeViolations)
      return refuse('PAYLOAD_TOO_LARGE', `The arguments of ${name} are larger than one call may be.`)
    }
    // Whoever read JSON may have such a key and not know it, so it is no reason to close the port.
    if (size !== protoKey) this.#violate('not-plain')
    const found = size === protoKey ? 'a key __proto__' : 'what is not plain data'
    return refuse('INPUT_INVALID', `The arguments of ${name} hold ${found}.`)
  }

  #reply(id: string, result: CallResult | readonly CallResult[] | readonly Outcome[]): void {
    if (this.#closed) return
    const results = (Array.isArray(result) ? result : [result]) as readonly CallResult[]
    const post = (of: readonly CallResult[], buffers: ArrayBuffer[]) => {
      const value = Array.isArray(result) ? packResults(of) : of[0]
      this.#port.postMessage({ id, type: 'RAW', value }, buffers)
    }
    try {
      post(
        results,
        buffersIn(() => results.map((each) => (each as { value?: unknown }).value)),
      )
    } catch {
      // A provider returned something that cannot be cloned: only its own call may fail.
      post(results.map(keepCloneable), [])
    }
  }
}

function outcomeOf(result: CallResult): string {
  return result.ok ? 'OK' : result.error.code
}

function keepCloneable(result: CallResult): CallResult {
  try {
    return structuredClone(result)
  } catch {
    return refuse('INTERNAL', internalError)
  }
}
