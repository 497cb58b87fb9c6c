/**
 * The OpenTelemetry SDK, loaded only where traces are exported. Settings are the
 * `OTEL_*` variables of the OpenTelemetry specification.
 */
import { MortiseError } from '@mortise/contract'
import { context, DiagLogLevel, diag, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  type IdGenerator,
  ParentBasedSampler,
  RandomIdGenerator,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { RemoteSpan, TraceExport } from './remote-spans.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Milliseconds that the end of the server waits for spans to arrive. */
const flushMs = 3000

/**
 * Registers the SDK with the OpenTelemetry API.
 *
 * @throws `INPUT_INVALID` for a setting that is not supported.
 */
export function exportTraces(log: Logger, env: Env = process.env): TraceExport {
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL
  if (protocol !== undefined && protocol !== 'http/protobuf') {
    throw new MortiseError(
      'INPUT_INVALID',
      `OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, not '${protocol}'.`,
    )
  }
  const ids = new ChosenIds()
  const provider = new TracerProvider({
    sampler: readSampler(env),
    idGenerator: ids,
    resource: resourceFromAttributes({ 'service.name': 'mortise' }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  const warn = (message: string) =>
    log.warn({ message: message.slice(0, 500) }, 'Traces could not be exported')
  diag.setLogger({ error: warn, warn, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  const tracer = provider.getTracer('@mortise/host')
  return {
    record(span) {
      ids.choose(span, () => {
        const { name, attributes, startedAt, endedAt, isError } = span
        const recorded = tracer.startSpan(name, {
          root: true,
          kind: SpanKind.CLIENT,
          startTime: startedAt,
          attributes,
        })
        if (isError) recorded.setStatus({ code: SpanStatusCode.ERROR })
        recorded.end(endedAt)
      })
    },
    async close() {
      await Promise.race([
        provider.shutdown().catch((thrown: unknown) => warn(String(thrown))),
        new Promise((resolve) => setTimeout(resolve, flushMs).unref()),
      ])
      trace.disable()
      context.disable()
      diag.disable()
    },
  }
}

/** Random ids, except for a span that has its ids already. */
class ChosenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  #chosen: Pick<RemoteSpan, 'traceId' | 'spanId'> | undefined

  generateTraceId(): string {
    return this.#chosen?.traceId ?? this.#random.generateTraceId()
  }

  generateSpanId(): string {
    return this.#chosen?.spanId ?? this.#random.generateSpanId()
  }

  choose(ids: Pick<RemoteSpan, 'traceId' | 'spanId'>, start: () => void): void {
    this.#chosen = ids
    try {
      start()
    } finally {
      this.#chosen = undefined
    }
  }
}

function readSampler(env: Env): Sampler {
  const name = env.OTEL_TRACES_SAMPLER || 'parentbased_always_on'
  const ratio = env.OTEL_TRACES_SAMPLER_ARG ? Number(env.OTEL_TRACES_SAMPLER_ARG) : 1
  const samplers: Readonly<Record<string, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  }
  const make = samplers[name.replace(/^parentbased_/, '')]
  if (!make || !(ratio >= 0 && ratio <= 1)) {
    throw new MortiseError(
      'INPUT_INVALID',
      `OTEL_TRACES_SAMPLER must be one of ${Object.keys(samplers).join(', ')}, or one of them after parentbased_, and OTEL_TRACES_SAMPLER_ARG a number from 0 to 1.`,
    )
  }
  if (!name.startsWith('parentbased_')) return make()
  // A page names traces and does not know the ratio: the trace id decides alike on both sides.
  return new ParentBasedSampler({ root: make(), remoteParentSampled: make() })
}
