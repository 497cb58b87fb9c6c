/**
 * Names what the backend does in traces, through the OpenTelemetry API. Without
 * an SDK behind the API nothing is made and work runs as if this were not here.
 *
 * Nothing that a plugin or a stranger says becomes part of a trace: no
 * `traceparent` of theirs is followed, and attributes hold names of plugins,
 * routes, methods, event types and hosts, never addresses, bodies or messages.
 */

import { toErrorRecord } from '@mortise/contract'
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'

export interface SpanOptions {
  readonly kind?: keyof typeof SpanKind
  readonly attributes?: Attributes
  /** What caused it, as a W3C `traceparent`; `null` for nothing. The span at hand where left out. */
  readonly parent?: string | null | undefined
}

/** Adds to the span that is at hand; `error.type` makes it a failed one. */
export type Note = (attributes: Attributes) => void

/** A span whose end somebody else knows. */
export interface OpenSpan {
  readonly traceparent: string
  /** Makes it the span at hand for everything that `work` starts. */
  within<T>(work: () => T): T
  end(attributes: Attributes, isError: boolean): void
}

export class Tracing {
  readonly #tracer: Tracer | undefined

  /** @param tracer - `undefined` traces nothing. */
  constructor(tracer: Tracer | undefined) {
    this.#tracer = tracer
  }

  get isOn(): boolean {
    return this.#tracer !== undefined
  }

  /** Runs `work`, at once, in a span of its own. */
  run<T>(name: string, options: SpanOptions, work: (note: Note) => Promise<T>): Promise<T> {
    return this.#tracer ? this.#run(this.#tracer, name, options, work) : work(() => {})
  }

  open(name: string, options: SpanOptions): OpenSpan | undefined {
    if (!this.#tracer) return undefined
    const { span, inside } = start(this.#tracer, name, options)
    return {
      traceparent: printTraceparent(span),
      within: (work) => context.with(inside, work),
      end(attributes, isError) {
        span.setAttributes(attributes)
        if (isError) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }

  /** The span at hand as a W3C `traceparent`. */
  current(): string | undefined {
    const span = this.#tracer && trace.getActiveSpan()
    return span && printTraceparent(span)
  }

  /** Headers that tie a request of ours to the span at hand. */
  headers(): Record<string, string> {
    const traceparent = this.current()
    return traceparent === undefined ? {} : { traceparent }
  }

  async #run<T>(
    tracer: Tracer,
    name: string,
    options: SpanOptions,
    work: (note: Note) => Promise<T>,
  ): Promise<T> {
    const { span, inside } = start(tracer, name, options)
    const note: Note = (attributes) => {
      span.setAttributes(attributes)
      if ('error.type' in attributes) span.setStatus({ code: SpanStatusCode.ERROR })
    }
    try {
      return await context.with(inside, () => work(note))
    } catch (thrown) {
      note({ 'error.type': toErrorRecord(thrown).code })
      throw thrown
    } finally {
      span.end()
    }
  }
}

/** Traces to whatever SDK is registered with the OpenTelemetry API by now; to nothing where none is. */
export function createTracing(): Tracing {
  const tracer = trace.getTracer('@mortise/server')
  // Never ended, so never exported.
  const probe = tracer.startSpan('probe', { root: true })
  return new Tracing(isSpanContextValid(probe.spanContext()) ? tracer : undefined)
}

/** The id that all spans of one trace share. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35)
}

function start(
  tracer: Tracer,
  name: string,
  { kind = 'INTERNAL', attributes = {}, parent }: SpanOptions,
): { span: Span; inside: Context } {
  const outside = parent === undefined ? context.active() : contextOf(parent)
  const span = tracer.startSpan(name, { kind: SpanKind[kind], attributes }, outside)
  return { span, inside: trace.setSpan(outside, span) }
}

const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

function contextOf(traceparent: string | null): Context {
  const [, traceId, spanId, flags] = form.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
}

function printTraceparent(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
