import { Headers } from 'headers-polyfill'
import { AbortSignal } from './abort.ts'
import { Body, readBody } from './body.ts'
import type { Channel } from './channel.ts'

interface RequestOptions {
  method?: unknown
  headers?: ConstructorParameters<typeof Headers>[0]
  body?: unknown
  signal?: unknown
  redirect?: unknown
}

interface ResponseOptions {
  status?: number
  statusText?: string
  headers?: ConstructorParameters<typeof Headers>[0]
}

/** An outgoing request, as on the web; bodies are read whole. */
export class Request extends Body {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly redirect: string
  readonly signal: AbortSignal | undefined

  constructor(input: unknown, options: RequestOptions = {}) {
    const from = input instanceof Request ? input : undefined
    const method = String(options.method ?? from?.method ?? 'GET').toUpperCase()
    const body =
      options.body === undefined && from
        ? { bytes: Body.peek(from), type: undefined }
        : readBody(options.body)
    if (body.bytes && (method === 'GET' || method === 'HEAD'))
      throw new TypeError(`A ${method} request has no body`)
    super(body.bytes)
    this.url = new URL(from ? from.url : String(input)).href
    this.method = method
    this.headers = new Headers(options.headers ?? from?.headers)
    if (body.type && !this.headers.has('content-type')) this.headers.set('content-type', body.type)
    this.redirect = String(options.redirect ?? from?.redirect ?? 'follow')
    this.signal = options.signal instanceof AbortSignal ? options.signal : from?.signal
  }

  clone(): Request {
    return new Request(this)
  }
}

/** An answer, as on the web; bodies are read whole. */
export class Response extends Body {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly type = 'basic'
  #url = ''
  #redirected = false

  constructor(body?: unknown, options: ResponseOptions = {}) {
    const read = readBody(body)
    super(read.bytes)
    this.status = options.status ?? 200
    this.statusText = options.statusText ?? ''
    this.headers = new Headers(options.headers)
    if (read.type && !this.headers.has('content-type')) this.headers.set('content-type', read.type)
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get url(): string {
    return this.#url
  }

  get redirected(): boolean {
    return this.#redirected
  }

  clone(): Response {
    const copy = new Response(Body.peek(this), this)
    copy.#url = this.#url
    copy.#redirected = this.#redirected
    return copy
  }

  static json(value: unknown, options: ResponseOptions = {}): Response {
    const response = new Response(JSON.stringify(value), options)
    if (!new Headers(options.headers).has('content-type'))
      response.headers.set('content-type', 'application/json')
    return response
  }

  static received(head: ReceivedHead, bytes: ArrayBuffer | undefined): Response {
    const response = new Response(bytes, head)
    response.#url = head.url
    response.#redirected = head.redirected
    return response
  }
}

interface ReceivedHead {
  readonly status: number
  readonly statusText: string
  readonly headers: [string, string][]
  readonly url: string
  readonly redirected: boolean
}

/** `fetch` as a message to the parent process, which decides whether the request may leave. */
export function createFetch(channel: Channel) {
  return async function fetch(input: unknown, options?: RequestOptions): Promise<Response> {
    const request = new Request(input, options)
    request.signal?.throwIfAborted()
    const head = JSON.stringify({
      url: request.url,
      method: request.method,
      headers: [...request.headers.entries()],
      redirect: request.redirect,
    })
    const { id, answer } = channel.request('fetch', head, Body.peek(request))
    const stop = () => channel.abandon(id, request.signal?.reason)
    request.signal?.addEventListener('abort', stop)
    try {
      const { payload, bytes } = await answer
      return Response.received(JSON.parse(payload ?? '{}') as ReceivedHead, bytes)
    } finally {
      request.signal?.removeEventListener('abort', stop)
    }
  }
}

export { Headers }
