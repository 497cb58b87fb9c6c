import { MortiseError } from '@mortise/contract'
import type { GuardedFetch } from './guarded-fetch.ts'
import { readGuestRecord } from './parse-json.ts'
import type { PluginSpec, SandboxFetch } from './types.ts'

/** What goes back into the isolate. */
export interface RequestAnswer {
  /** JSON text; `undefined` stands for `undefined`. */
  readonly payload: string | undefined
  readonly bytes: Uint8Array | undefined
}

/**
 * Answers a host call of a guest.
 *
 * @throws INPUT_INVALID, or what the host throws.
 */
export async function answerHostCall(
  hostCall: PluginSpec['hostCall'],
  payload: string,
  bytes: Uint8Array | undefined,
): Promise<RequestAnswer> {
  const { method, args, bytesAt } = readGuestRecord(payload)
  if (typeof method !== 'string' || !Array.isArray(args)) {
    throw new MortiseError('INPUT_INVALID', 'A host call needs a method and a list of arguments')
  }
  if (bytes) {
    if (typeof bytesAt !== 'number' || !Object.hasOwn(args, bytesAt)) {
      throw new MortiseError('INPUT_INVALID', 'A host call with bytes says which argument they are')
    }
    args[bytesAt] = bytes
  }
  const result = await hostCall(method, args)
  if (result instanceof Uint8Array) return { payload: undefined, bytes: result }
  return { payload: result === undefined ? undefined : JSON.stringify(result), bytes: undefined }
}

/**
 * Makes a request for a guest.
 *
 * @throws INPUT_INVALID, or what the guarded fetch throws.
 */
export async function answerFetch(
  fetch: GuardedFetch,
  payload: string,
  body: Uint8Array | undefined,
  signal: AbortSignal,
  around: <T>(request: Omit<SandboxFetch, 'plugin'>, work: () => Promise<T>) => Promise<T>,
): Promise<RequestAnswer> {
  const { url, method, headers, redirect } = readGuestRecord(payload)
  if (typeof url !== 'string' || typeof method !== 'string' || !Array.isArray(headers)) {
    throw new MortiseError('INPUT_INVALID', 'A request needs an address, a method and headers')
  }
  const host = URL.canParse(url) ? new URL(url).host : ''
  const response = await around({ method, host }, () =>
    fetch(url, {
      method,
      headers: headers.map((pair) => [String(pair?.[0]), String(pair?.[1])] as const),
      body,
      redirect: redirect === 'manual' || redirect === 'error' ? redirect : 'follow',
      signal,
    }),
  )
  const { status, statusText, redirected } = response
  const head = { status, statusText, redirected, url: response.url, headers: [...response.headers] }
  return { payload: JSON.stringify(head), bytes: new Uint8Array(await response.arrayBuffer()) }
}
