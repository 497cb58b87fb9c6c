import { type CallResult, type CallTuple, fromErrorRecord } from '@mortise/contract'
import type { StreamspaceApi } from '@mortise/domains/streamspace'
import { request } from './client.ts'

interface PendingCall {
  readonly tuple: CallTuple
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

let pending: PendingCall[] = []

/** The workspace's own methods with the signed-in person's rights. Calls of one task travel together. */
export const workspace: StreamspaceApi = new Proxy({} as StreamspaceApi, {
  get: (_target, resource) =>
    new Proxy(
      {},
      {
        get:
          (_methods, method) =>
          (...args: unknown[]) =>
            call(`${String(resource)}.${String(method)}`, args),
      },
    ),
})

function call(method: string, args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (pending.length === 0) queueMicrotask(flush)
    pending.push({ tuple: [method, args], resolve, reject })
  })
}

async function flush(): Promise<void> {
  const calls = pending
  pending = []
  try {
    const { results } = await request<{ results: readonly CallResult[] }>('POST', '/calls', {
      calls: calls.map(({ tuple }) => tuple),
    })
    for (const [index, { resolve, reject }] of calls.entries()) settle(results[index], resolve, reject)
  } catch (error) {
    for (const { reject } of calls) reject(error)
  }
}

function settle(
  result: CallResult | undefined,
  resolve: (value: unknown) => void,
  reject: (reason: unknown) => void,
): void {
  if (result?.ok) resolve(result.value)
  else if (result) reject(fromErrorRecord(result.error, 'server'))
  else reject(new Error('The server answered fewer calls than were made.'))
}
