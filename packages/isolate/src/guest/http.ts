import type { GuestRequest } from '@mortise/contract'
import { readBody } from './body.ts'
import { Headers, Response } from './fetch.ts'

/** A request without its body, as the host sends it. */
export type GuestRequestHead = Omit<GuestRequest, 'body' | 'json' | 'bytes'>

/** What leaves the isolate as the answer to a web request. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: [string, string][]
  readonly body: ArrayBuffer | undefined
}

const empty = new ArrayBuffer(0)

/** A request whose body is decoded when it is read. */
export function toGuestRequest(head: GuestRequestHead, bytes: ArrayBuffer = empty): GuestRequest {
  let text: string | undefined
  const read = () => (text ??= new TextDecoder().decode(new Uint8Array(bytes)))
  return {
    ...head,
    get body() {
      return read()
    },
    json: () => JSON.parse(read()) as unknown,
    bytes: () => new Uint8Array(bytes.slice(0)),
  }
}

/**
 * Reads what a handler returned: a `Response`, `{status?, headers?, body?}`, or nothing.
 *
 * @throws TypeError for anything else: an object of other fields is more likely a mistake than an empty page.
 */
export async function toHttpAnswer(result: unknown): Promise<HttpAnswer | undefined> {
  if (result === undefined || result === null) return undefined
  if (result instanceof Response) {
    const body = await result.arrayBuffer()
    return { status: result.status, headers: [...result.headers.entries()] as [string, string][], body }
  }
  const known = ['status', 'headers', 'body']
  const isAnswer = typeof result === 'object' && known.some((name) => name in result)
  if (!isAnswer) {
    throw new TypeError(
      'A web request is answered with { status, headers, body } or a Response, for example Response.json(value)',
    )
  }
  const { status = 200, headers, body } = result as { status?: unknown; headers?: object; body?: unknown }
  const isData = typeof body === 'object' && body !== null && !ArrayBuffer.isView(body)
  const isJson = isData && !(body instanceof ArrayBuffer) && !(body instanceof URLSearchParams)
  const content = isJson ? JSON.stringify(body) : body
  refuseTooLarge(content)
  const read = readBody(content)
  const all = new Headers(headers as ConstructorParameters<typeof Headers>[0])
  const type = isJson ? 'application/json' : read.type
  if (type !== undefined && !all.has('content-type')) all.set('content-type', type)
  return { status: Number(status), headers: [...all.entries()] as [string, string][], body: read.bytes }
}

/** Longest body, in bytes. Only to save the work of copying it: the child process has the last word. */
const longestBody = 10 * 1024 * 1024

function refuseTooLarge(body: unknown): void {
  const size = typeof body === 'string' ? body.length : ((body as ArrayBuffer | undefined)?.byteLength ?? 0)
  if (size <= longestBody) return
  throw Object.assign(new RangeError('The answer to a web request is too large'), {
    code: 'PAYLOAD_TOO_LARGE',
  })
}
