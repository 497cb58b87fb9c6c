import { type CallResult, toErrorRecord } from '@mortise/contract'
import { refuse } from './refuse.ts'

interface PendingCall {
  readonly name: string
  readonly deadlineMs: number
  readonly expiresAt: number
  readonly resolve: (result: CallResult) => void
  readonly onDidEnd: ((result: CallResult) => void) | undefined
}

const sweepMs = 1000
const unanswered = refuse('BRIDGE_CLOSED', 'The bridge was closed before the call was answered.')

/** Calls that a host has begun and not answered, each with its deadline. */
export class PendingCalls {
  readonly #calls = new Set<PendingCall>()
  readonly #clock: () => number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(clock: () => number) {
    this.#clock = clock
  }

  get size(): number {
    return this.#calls.size
  }

  /**
   * The result of a call, BRIDGE_TIMEOUT where it comes too late.
   *
   * @param onDidEnd - Told of the result, and of calls that are left without an answer.
   */
  wait(
    name: string,
    value: Promise<unknown>,
    deadlineMs: number,
    onDidEnd?: (result: CallResult) => void,
  ): Promise<CallResult> {
    return new Promise((resolve) => {
      const call: PendingCall = { name, deadlineMs, expiresAt: this.#clock() + deadlineMs, resolve, onDidEnd }
      this.#calls.add(call)
      this.#timer ??= setTimeout(this.#sweep, Math.min(sweepMs, deadlineMs))
      value.then(
        (answer) => this.#settle(call, { ok: true, value: answer }),
        (error) => this.#settle(call, { ok: false, error: toErrorRecord(error) }),
      )
    })
  }

  /** Leaves all calls without an answer: nobody is there to read it. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const { onDidEnd } of this.#calls) onDidEnd?.(unanswered)
    this.#calls.clear()
  }

  #settle(call: PendingCall, result: CallResult): void {
    if (!this.#calls.delete(call)) return
    call.resolve(result)
    call.onDidEnd?.(result)
  }

  /** One timer serves all pending calls: a timer for each would cost more than the calls. */
  readonly #sweep = (): void => {
    this.#timer = undefined
    const now = this.#clock()
    let next = sweepMs
    for (const call of this.#calls) {
      const left = call.expiresAt - now
      if (left > 0) next = Math.min(next, left)
      else {
        const message = `${call.name} was not answered within ${call.deadlineMs} ms.`
        this.#settle(call, refuse('BRIDGE_TIMEOUT', message))
      }
    }
    if (this.#calls.size > 0) this.#timer = setTimeout(this.#sweep, next)
  }
}
