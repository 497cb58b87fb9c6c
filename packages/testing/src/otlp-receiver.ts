import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as an exporter sent it. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** `''` for the first of its trace. */
  readonly parentId: string
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly durationMs: number
  /** Whether its status is that of an error. */
  readonly isError: boolean
}

/** A collector that keeps what it is sent. */
export interface OtlpReceiver extends AsyncDisposable {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  /** Everything that arrived, as text, to look for what must not be in it. */
  readonly bytes: string
  /** Settles once a span matches. */
  waitFor(matches: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>
}

/** Receives OTLP over HTTP with protobuf on a random port. */
export async function otlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  let bytes = ''
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    bytes += body.toString('latin1')
    for (const resource of fieldsOf(body, 1))
      for (const scope of fieldsOf(resource, 2)) spans.push(...fieldsOf(scope, 2).map(readSpan))
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    for (const tell of waiting) tell()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    get bytes() {
      return bytes
    },
    waitFor: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          const found = spans.find(matches)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Field numbers are those of `opentelemetry/proto/trace/v1/trace.proto`. */
function readSpan(span: Buffer): ReceivedSpan {
  const hex = (field: number) => fieldsOf(span, field)[0]?.toString('hex') ?? ''
  return {
    traceId: hex(1),
    spanId: hex(2),
    parentId: hex(4),
    name: fieldsOf(span, 5)[0]?.toString() ?? '',
    attributes: Object.fromEntries(
      fieldsOf(span, 9).map((pair) => {
        const [value] = fieldsOf(pair, 2)
        return [String(fieldsOf(pair, 1)[0]), value ? String(fieldsOf(value, 1)[0] ?? '') : '']
      }),
    ),
    durationMs: (timeOf(span, 8) - timeOf(span, 7)) / 1e6,
    // The code of the status, 2 for an error, is the only number in it.
    isError: fieldsOf(span, 15)[0]?.includes(Buffer.from([3 * 8, 2])) ?? false,
  }
}

function timeOf(span: Buffer, field: number): number {
  return Number(fieldsOf(span, field)[0]?.readBigUInt64LE() ?? 0n)
}

/** The length-delimited and 64-bit fields of one number in a protobuf message. */
function fieldsOf(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++] ?? 0
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const wire = tag % 8
    if (wire === 0) varint()
    else if (wire === 1) {
      if (Math.floor(tag / 8) === wanted) found.push(message.subarray(at, at + 8))
      at += 8
    } else if (wire === 5) at += 4
    else {
      const length = varint()
      if (Math.floor(tag / 8) === wanted) found.push(message.subarray(at, at + length))
      at += length
    }
  }
  return found
}
