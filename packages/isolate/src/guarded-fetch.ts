import { type ErrorCode, MortiseError } from '@mortise/contract'
import { type Agent, fetch as undiciFetch } from 'undici'
import { createGuardedAgent, type ResolveHost } from './guarded-agent.ts'
import { HostList } from './host-list.ts'

export interface GuardedFetchOptions {
  /**
   * Hosts that may be asked: `example.com`, `example.com:8443`, `*.example.com`, `*`.
   * A function is read again for each request and redirect.
   */
  readonly allowedHosts: readonly string[] | (() => readonly string[])
  /** Hosts (`host` or `host:port`) that may resolve to private addresses and use other ports than 80 and 443. */
  readonly allowPrivateHosts?: readonly string[]
  /** Wall time of a request with its redirects and body, in milliseconds. Default 10000. */
  readonly timeoutMs?: number
  /** Largest body in either direction, decompressed, in bytes. Default 10 MiB. */
  readonly bodyBytes?: number
  /** Default 5. */
  readonly maxRedirects?: number
  /** Headers of the host's own, read again for each request, in place of those of the caller. */
  readonly hostHeaders?: (() => Readonly<Record<string, string>>) | undefined
  /** Told of each host that was asked, those of redirects included, and of each that was refused. */
  readonly didContact?: ((contact: FetchContact) => void) | undefined
  /** Finds the addresses of a name. Default: the system. */
  readonly resolve?: ResolveHost
  /** Shared connections; one made with `createGuardedAgent`. Owned by the caller. */
  readonly agent?: Agent
}

/** A host that a request went to, or would have gone to. */
export interface FetchContact {
  /** With its port where that is not the scheme's own. */
  readonly host: string
  readonly outcome: 'reached' | 'refused'
  /** Bytes of the bodies. */
  readonly sentBytes: number
  readonly receivedBytes: number
}

export interface GuardedRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[]
  readonly body?: string | Uint8Array | undefined
  /** `follow` re-checks each hop; `manual` answers the redirect itself. Default `follow`. */
  readonly redirect?: 'follow' | 'manual' | 'error'
  readonly signal?: AbortSignal | undefined
}

/** A `fetch` that reaches listed hosts on public addresses only. The body is read before it answers. */
export interface GuardedFetch {
  /**
   * @throws FETCH_HOST_DENIED, FETCH_ADDRESS_DENIED, or FETCH_FAILED for everything else, aborts and limits included.
   */
  (input: string | URL, request?: GuardedRequest): Promise<Response>
  /** Closes connections that this function owns. */
  close(): Promise<void>
}

/** Headers that decide where or how a message is framed; the client sets them. */
const framingHeaders = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
const secretHeaders = ['authorization', 'cookie', 'x-api-key']
const nullBodyStatus = new Set([204, 205, 304])

/** Makes the one function through which foreign code may reach the network. */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { timeoutMs = 10_000, bodyBytes = 10 * 1024 * 1024, maxRedirects = 5 } = options
  const privateHosts = new HostList(options.allowPrivateHosts ?? [])
  const agent = options.agent ?? createGuardedAgent({ privateHosts, resolve: options.resolve })
  const readAllowed = typeof options.allowedHosts === 'function' ? options.allowedHosts : undefined
  const fixedList = readAllowed ? undefined : new HostList(options.allowedHosts as readonly string[])
  const allowedHosts = () => fixedList ?? new HostList(readAllowed?.() ?? [])

  async function guardedFetch(input: string | URL, request: GuardedRequest = {}): Promise<Response> {
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout
    try {
      return await follow(input, request, signal)
    } catch (thrown) {
      throw toFetchError(thrown, timeout.aborted ? `No complete answer within ${timeoutMs} ms` : undefined)
    }
  }

  function check(input: string | URL): URL {
    try {
      return checkUrl(input, allowedHosts(), privateHosts)
    } catch (thrown) {
      const host = URL.canParse(String(input)) ? new URL(input).host : ''
      if (host) options.didContact?.({ host, outcome: 'refused', sentBytes: 0, receivedBytes: 0 })
      throw thrown
    }
  }

  async function follow(
    input: string | URL,
    request: GuardedRequest,
    signal: AbortSignal,
  ): Promise<Response> {
    let url = check(input)
    let method = (request.method ?? 'GET').toUpperCase()
    let body = request.body
    if (body !== undefined && Buffer.byteLength(body) > bodyBytes) {
      throw failed(`The request body is larger than ${bodyBytes} bytes`)
    }
    const headers = new Headers(request.headers as Record<string, string> | [string, string][] | undefined)
    for (const name of framingHeaders) headers.delete(name)
    for (const [name, value] of Object.entries(options.hostHeaders?.() ?? {})) headers.set(name, value)
    for (let hop = 0; ; hop++) {
      const contact = { host: url.host, sentBytes: body === undefined ? 0 : Buffer.byteLength(body) }
      let outcome: FetchContact['outcome'] = 'reached'
      let receivedBytes = 0
      let response: FetchedResponse
      let location: URL | undefined
      try {
        response = await undiciFetch(url, {
          method,
          headers: [...headers],
          body,
          redirect: 'manual',
          signal,
          dispatcher: agent,
        })
        location = redirectTarget(response, url)
        if (!location || request.redirect === 'manual') {
          return await readResponse(response, url, hop > 0, bodyBytes, (bytes) => {
            receivedBytes += bytes
          })
        }
        await response.body?.cancel()
      } catch (thrown) {
        if (findOwn(thrown)?.code === 'FETCH_ADDRESS_DENIED') outcome = 'refused'
        throw thrown
      } finally {
        options.didContact?.({ ...contact, outcome, receivedBytes })
      }
      if (request.redirect === 'error') throw failed('The host answered with a redirect')
      if (hop >= maxRedirects) throw failed(`More than ${maxRedirects} redirects`)
      const next = check(location)
      if (next.origin !== url.origin) for (const name of secretHeaders) headers.delete(name)
      if (response.status === 303 || (response.status < 303 && method === 'POST')) {
        if (method !== 'HEAD') method = 'GET'
        body = undefined
        headers.delete('content-type')
      }
      url = next
    }
  }

  return Object.assign(guardedFetch, {
    close: async () => {
      if (!options.agent) await agent.destroy()
    },
  })
}

function checkUrl(input: string | URL, allowed: HostList, privateHosts: HostList): URL {
  if (!URL.canParse(String(input))) throw failed('The address is not a URL')
  const url = new URL(input)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw denied(`${url.protocol} is not http or https`)
  if (url.username || url.password) throw denied('The address holds a user name or password')
  const host = url.hostname
  if (host.endsWith('.')) throw denied(`${host} ends with a dot`)
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  if (!allowed.allows(host, port))
    throw denied(`${host}:${port} is not among the hosts allowed for this plugin`)
  const isUsualPort = port === 80 || port === 443
  if (!isUsualPort && !allowed.namesPort(host, port) && !privateHosts.allows(host, port)) {
    throw denied(`Port ${port} of ${host} is not listed`)
  }
  return url
}

interface FetchedResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: Iterable<[string, string]> & { get(name: string): string | null }
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null
}

function redirectTarget(response: FetchedResponse, url: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined
  const location = response.headers.get('location')
  if (location === null) return undefined
  if (!URL.canParse(location, url.href)) throw failed('The host redirects to something that is not a URL')
  return new URL(location, url)
}

async function readResponse(
  response: FetchedResponse,
  url: URL,
  redirected: boolean,
  bodyBytes: number,
  didRead: (bytes: number) => void,
): Promise<Response> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop by a throw cancels the body, so a large answer is not read to its end.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    didRead(chunk.byteLength)
    if (size > bodyBytes) throw failed(`The answer is larger than ${bodyBytes} bytes`)
    chunks.push(chunk)
  }
  const headers = new Headers([...response.headers])
  // The body is decompressed and whole by now; these two would describe what was on the wire.
  headers.delete('content-encoding')
  headers.delete('content-length')
  const { status, statusText } = response
  const answer = new Response(nullBodyStatus.has(status) ? null : Buffer.concat(chunks), {
    status,
    statusText,
    headers,
  })
  return Object.defineProperties(answer, { url: { value: url.href }, redirected: { value: redirected } })
}

function toFetchError(thrown: unknown, timeoutMessage: string | undefined): MortiseError {
  const own = findOwn(thrown)
  if (own) return new MortiseError(own.code, own.message)
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  const code = (cause as { code?: unknown } | undefined)?.code
  const reason = typeof code === 'string' ? code : 'no answer'
  return new MortiseError('FETCH_FAILED', timeoutMessage ?? `The request failed: ${reason}`, {
    cause: thrown,
  })
}

/** What undici throws holds our own errors as causes, several deep when addresses were tried in turn. */
function findOwn(thrown: unknown): { readonly code: ErrorCode; readonly message: string } | undefined {
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) {
    const code = (cause as { code?: unknown }).code
    if (code === 'FETCH_ADDRESS_DENIED' || code === 'FETCH_HOST_DENIED' || code === 'FETCH_FAILED')
      return { code, message: cause.message }
  }
  return undefined
}

function denied(message: string): MortiseError {
  return new MortiseError('FETCH_HOST_DENIED', message)
}

function failed(message: string): MortiseError {
  return new MortiseError('FETCH_FAILED', message)
}
