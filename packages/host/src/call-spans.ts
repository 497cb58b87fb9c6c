import type { CallResult, CallTuple, SpanReport } from '@mortise/contract'

/** Milliseconds for which spans are gathered before they are reported. */
const gatherMs = 1000
const mostAtOnce = 100

/** The page's part of a trace: one request to the backend with the calls in it. */
export interface CallSpan {
  /** W3C `traceparent` that the request carries. */
  readonly traceparent: string
  /**
   * Ends the span.
   *
   * @param traceresponse - As the backend answered it: without one, nobody traces.
   */
  end(traceresponse: string | null, results: readonly CallResult[] | undefined): void
}

/**
 * Names what plugins of this page ask the backend for, so that a trace begins
 * where the bridge took the call. Ids are made here, by the host: nothing of a
 * guest can become one.
 */
export class CallSpans {
  readonly #report: (spans: readonly SpanReport[]) => void
  #waiting: SpanReport[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(report: (spans: readonly SpanReport[]) => void) {
    this.#report = report
  }

  start(plugin: string | undefined, calls: readonly CallTuple[]): CallSpan {
    const [trace_id, span_id] = [randomHex(16), randomHex(8)]
    const startedAt = performance.now()
    return {
      traceparent: `00-${trace_id}-${span_id}-01`,
      end: (traceresponse, results) => {
        if (!isSampled(traceresponse)) return
        this.#add({
          trace_id,
          span_id,
          ...(plugin === undefined ? {} : { plugin }),
          methods: calls.map(([method]) => method.slice(0, 128)),
          start_ms: performance.timeOrigin + startedAt,
          duration_ms: performance.now() - startedAt,
          errors: results ? results.filter(({ ok }) => !ok).length : calls.length,
        })
      },
    }
  }

  #add(span: SpanReport): void {
    this.#waiting.push(span)
    if (this.#waiting.length >= mostAtOnce) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), gatherMs)
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#report(this.#waiting.splice(0))
  }
}

function isSampled(traceresponse: string | null): boolean {
  return traceresponse !== null && /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(traceresponse)
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
