import {
  type CallResult,
  type CallTuple,
  type ErrorCode,
  errorCodes,
  MortiseError,
  type PluginRecord,
  type ThemeRecord,
  type ThemeSheet,
} from '@mortise/contract'
import type { Backend } from './backend.ts'
import { CallSpans } from './call-spans.ts'
import { followFeed } from './follow-feed.ts'

export interface HttpBackendOptions {
  /** Origin of the backend, without a trailing slash. The page's own origin by default. */
  readonly baseUrl?: string
}

/**
 * A backend reached over HTTP and WebSocket, with the cookie of the signed-in person.
 *
 * @throws From each method: the error of the server with its `code`, or INTERNAL
 * where the server cannot be reached or answers something else.
 */
export function createHttpBackend(options: HttpBackendOptions = {}): Backend {
  const base = `${options.baseUrl ?? location.origin}/api/v1`
  const spans = new CallSpans((report) => {
    // Nobody waits for it, and what is lost is a line in a trace.
    send(`${base}/spans`, 'POST', { spans: report }).catch(() => {})
  })
  return {
    async plugins() {
      return (await request<{ plugins: PluginRecord[] }>(`${base}/plugins`)).plugins
    },
    async plugin(id) {
      try {
        return await request<PluginRecord>(`${base}/plugins/${encodeURIComponent(id)}`)
      } catch (error) {
        if (error instanceof MortiseError && notThere.has(error.code)) return undefined
        throw error
      }
    },
    async call(plugin, calls: readonly CallTuple[], signal) {
      const body = plugin === undefined ? { calls } : { plugin, calls }
      const span = spans.start(plugin, calls)
      const response = await send(`${base}/calls`, 'POST', body, { traceparent: span.traceparent }, signal)
      const traceresponse = response.headers.get('traceresponse')
      try {
        const { results } = await readAnswer<{ results: CallResult[] }>(response)
        span.end(traceresponse, results)
        return results
      } catch (error) {
        span.end(traceresponse, undefined)
        throw error
      }
    },
    grant: (plugin, permissions) =>
      request<PluginRecord>(`${base}/plugins/${encodeURIComponent(plugin)}/grants`, 'PUT', { permissions }),
    theme: () => request<ThemeRecord>(`${base}/theme`),
    themeScope({ theme, ...parts }) {
      const query = new URLSearchParams({ ...theme, ...JSON.parse(JSON.stringify(parts)) })
      return request<ThemeSheet>(`${base}/theme/scope?${query}`)
    },
    follow: (listener, after) => followFeed(`${base.replace(/^http/, 'ws')}/events/stream`, listener, after),
  }
}

const notThere: ReadonlySet<string> = new Set(['NOT_FOUND', 'PLUGIN_NOT_FOUND'])

async function request<T>(url: string, method = 'GET', body?: unknown): Promise<T> {
  return readAnswer<T>(await send(url, method, body))
}

async function send(
  url: string,
  method: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      credentials: 'include',
      signal: signal ?? null,
      ...(body === undefined
        ? {}
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch (cause) {
    throw new MortiseError('INTERNAL', 'The server cannot be reached.', { cause, source: 'server' })
  }
}

async function readAnswer<T>(response: Response): Promise<T> {
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer as T
  throw readError(response.status, answer)
}

function readError(status: number, answer: unknown): MortiseError {
  const { code, message, name, data } = (answer ?? {}) as Record<string, unknown>
  const known = typeof code === 'string' && Object.hasOwn(errorCodes, code)
  return new MortiseError(
    known ? (code as ErrorCode) : 'INTERNAL',
    typeof message === 'string' ? message : `The server answered with status ${status}.`,
    { source: 'server', data, ...(typeof name === 'string' ? { name } : {}) },
  )
}
