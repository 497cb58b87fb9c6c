import { type CallTuple, fromErrorRecord, MortiseError } from '@mortise/contract'
import type { Backend } from './backend.ts'

interface QueuedCall {
  readonly call: CallTuple
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Calls the backend takes in one request. */
const maxCalls = 1000

/** Sends a plugin's domain calls to the backend, those of one microtask in one request. */
export function createDomainCalls(backend: Backend, plugin: string) {
  let queue: QueuedCall[] = []

  const flush = async () => {
    const calls = queue
    queue = []
    if (calls.length === 0) return
    try {
      const results = await backend.call(
        plugin,
        calls.map(({ call }) => call),
      )
      for (const [index, { resolve, reject }] of calls.entries()) {
        const result = results[index]
        if (!result) reject(new MortiseError('INTERNAL', 'The server left a call unanswered.'))
        else if (result.ok) resolve(result.value)
        else reject(fromErrorRecord(result.error, 'server'))
      }
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }

  const callAlone = async (call: CallTuple, signal: AbortSignal) => {
    const [result] = await backend.call(plugin, [call], signal)
    if (!result) throw new MortiseError('INTERNAL', 'The server left a call unanswered.')
    if (!result.ok) throw fromErrorRecord(result.error, 'server')
    return result.value
  }

  // A call that may be cancelled has a request of its own, which ends without ending others.
  return (method: string, args: readonly unknown[], signal?: AbortSignal): Promise<unknown> =>
    signal
      ? callAlone([method, args], signal)
      : new Promise((resolve, reject) => {
          if (queue.length === 0) queueMicrotask(flush)
          queue.push({ call: [method, args], resolve, reject })
          if (queue.length === maxCalls) flush()
        })
}
