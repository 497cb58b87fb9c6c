import { type Infer, MortiseError, type spanReportSchema } from '@mortise/contract'
import type { Attributes } from '@opentelemetry/api'

/** A span that ended elsewhere, with the ids it has. */
export interface RemoteSpan {
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  readonly attributes: Attributes
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly isError: boolean
}

/** Where spans go. */
export interface TraceExport {
  record(span: RemoteSpan): void
  /** Sends what is left, but does not wait for it without end. */
  close(): Promise<void>
}

/** How far the clock of a page may be off, in milliseconds. */
const skewMs = 24 * 3600 * 1000

/**
 * The part of a page in a trace, in words of the backend's own.
 *
 * @throws `INPUT_INVALID` for a time that cannot be.
 */
export function readSpanReport(
  report: Infer<typeof spanReportSchema>,
  known: { hasMethod(name: string): boolean; hasPlugin(id: string): boolean },
  now: Date,
): RemoteSpan {
  const { trace_id, span_id, plugin, methods, start_ms, duration_ms, errors } = report
  if (Math.abs(start_ms - now.getTime()) > skewMs) {
    throw new MortiseError('INPUT_INVALID', 'The span is of another day.')
  }
  const names = methods.map((name) => (known.hasMethod(name) ? name : 'unknown'))
  return {
    traceId: trace_id,
    spanId: span_id,
    name: `${plugin === undefined ? 'page' : 'bridge'} ${names.length === 1 ? names[0] : 'batch'}`,
    attributes: {
      'mortise.methods': [...new Set(names)],
      'mortise.calls': names.length,
      ...(plugin !== undefined && known.hasPlugin(plugin) ? { 'mortise.plugin': plugin } : {}),
    },
    startedAt: start_ms,
    endedAt: start_ms + duration_ms,
    isError: errors > 0,
  }
}
