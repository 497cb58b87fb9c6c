import { DOMException } from './dom-exception.ts'
import { Event, EventTarget } from './event-target.ts'

/** A signal that something should stop. As on the web, without cross-realm abilities. */
export class AbortSignal extends EventTarget {
  onabort: ((event: unknown) => void) | null = null
  #aborted = false
  #reason: unknown

  get aborted(): boolean {
    return this.#aborted
  }

  get reason(): unknown {
    return this.#reason
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason
  }

  /** Fires the signal once; later calls do nothing. */
  static fire(
    signal: AbortSignal,
    reason: unknown = abortError('AbortError', 'The operation was aborted'),
  ): void {
    if (signal.#aborted) return
    signal.#aborted = true
    signal.#reason = reason
    const event = new Event('abort')
    signal.onabort?.(event)
    signal.dispatchEvent(event)
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal()
    AbortSignal.fire(signal, reason)
    return signal
  }

  static timeout(ms: number): AbortSignal {
    const signal = new AbortSignal()
    const { setTimeout } = globalThis as unknown as { setTimeout(run: () => void, ms: number): number }
    setTimeout(() => AbortSignal.fire(signal, abortError('TimeoutError', 'The operation timed out')), ms)
    return signal
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const combined = new AbortSignal()
    for (const signal of signals) {
      if (signal.aborted) AbortSignal.fire(combined, signal.reason)
      else signal.addEventListener('abort', () => AbortSignal.fire(combined, signal.reason))
    }
    return combined
  }
}

/** Owns one signal and fires it. */
export class AbortController {
  readonly signal = new AbortSignal()

  abort(reason?: unknown): void {
    AbortSignal.fire(this.signal, reason)
  }
}

function abortError(name: string, message: string): Error {
  return new DOMException(message, name)
}
