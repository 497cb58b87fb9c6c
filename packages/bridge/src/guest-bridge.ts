import {
  bridgeLimits,
  type CallResult,
  type CallTuple,
  type ErrorRecord,
  type HostMessage,
} from '@mortise/contract'
import { wrap } from 'comlink'
import type { BridgePort, GuestBridge } from './types.ts'

interface PendingCall {
  readonly call: CallTuple
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

interface Wire {
  call(method: string, args: readonly unknown[]): Promise<CallResult>
  batch(calls: readonly CallTuple[]): Promise<readonly CallResult[]>
}

/** A little more than the host's own deadline, so that the host's answer wins. */
const graceMs = 1000

/**
 * Opens the guest's end of a channel.
 *
 * @param deadlineMs - Milliseconds until a call without any answer fails.
 */
export function createGuestBridge(
  port: BridgePort,
  deadlineMs: number = bridgeLimits.deadlineMs + graceMs,
): GuestBridge {
  const remote = wrap<Wire>(port as MessagePort)
  // Comlink ends a connection when the last of its proxies is collected, so both are held here.
  const { call: sendCall, batch: sendBatch } = remote
  const waiting = new Set<readonly PendingCall[]>()
  let queue: PendingCall[] = []
  let closed = false

  const enqueue = (call: CallTuple) =>
    new Promise<unknown>((resolve, reject) => {
      if (closed) return reject(closedError())
      if (queue.length === 0) queueMicrotask(flush)
      queue.push({ call, resolve, reject })
      if (queue.length === bridgeLimits.batch) flush()
    })

  const flush = () => {
    const calls = queue
    queue = []
    if (calls.length > 0) send(calls, deadlineMs)
  }

  const send = (calls: readonly PendingCall[], deadline: number) => {
    waiting.add(calls)
    const timer = setTimeout(() => {
      const error = localError('BRIDGE_TIMEOUT', `The host did not answer within ${deadline} ms.`, true)
      finish(calls, timer, (pending) => pending.reject(error))
    }, deadline)
    const first = calls[0]!.call
    const answer =
      calls.length === 1
        ? sendCall(first[0], first[1]).then((result) => [result])
        : sendBatch(calls.map(({ call }) => call))
    answer.then(
      (results) => finish(calls, timer, (pending, index) => settle(pending, results[index])),
      (error: unknown) => {
        // The message could not be cloned. Alone, only the call at fault fails.
        finish(calls, timer, (pending) => {
          if (calls.length > 1) send([pending], deadline)
          else pending.reject(localError('INPUT_INVALID', `${first[0]}: ${String(error)}`))
        })
      },
    )
  }

  const finish = (
    calls: readonly PendingCall[],
    timer: ReturnType<typeof setTimeout>,
    each: (pending: PendingCall, index: number) => void,
  ) => {
    clearTimeout(timer)
    if (waiting.delete(calls)) calls.forEach(each)
  }

  return {
    call: (method, ...args) => enqueue([method, args]),
    callAlone: (method, args, deadline = deadlineMs) =>
      new Promise((resolve, reject) => {
        if (closed) reject(closedError())
        else send([{ call: [method, args], resolve, reject }], deadline)
      }),
    onMessage(listener) {
      const receive = ({ data }: MessageEvent) => {
        if (typeof data?.type === 'string' && data.id === undefined) listener(data as HostMessage)
      }
      port.addEventListener('message', receive)
      port.start?.()
      return () => port.removeEventListener('message', receive)
    },
    close() {
      if (closed) return
      closed = true
      port.close()
      for (const pending of [...queue, ...[...waiting].flat()]) pending.reject(closedError())
      queue = []
      waiting.clear()
    },
  }
}

function settle({ resolve, reject }: PendingCall, result: CallResult | undefined): void {
  if (!result) reject(localError('INTERNAL', 'The host left a call unanswered.'))
  else if (result.ok) resolve(result.value)
  else reject(rebuild(result.error))
}

/** An error as the host told it. Compare `code`: the class stays on the other side. */
function rebuild({ message, ...fields }: ErrorRecord): Error {
  return Object.assign(new Error(message), fields)
}

function localError(code: string, message: string, retryable = false): Error {
  return rebuild({ code, message, name: 'MortiseError', retryable })
}

function closedError(): Error {
  return localError('BRIDGE_CLOSED', 'The bridge to the host is closed.')
}
