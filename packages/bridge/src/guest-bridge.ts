import {
  type BatchAnswer,
  bridgeLimits,
  type CallResult,
  type CallRun,
  type CallTuple,
  type ErrorRecord,
  type HostMessage,
} from '@mortise/contract'
import { transfer as markTransfer, wrap } from 'comlink'
import { packCalls, readResults } from './batch.ts'
import { buffersIn } from './transfer.ts'
import type { BridgePort, GuestBridge } from './types.ts'

interface PendingCall {
  readonly call: CallTuple
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

interface Wire {
  call(call: CallTuple): Promise<CallResult>
  batch(runs: readonly CallRun[]): Promise<BatchAnswer>
}

/** A little more than the host's own deadline, so that the host's answer wins. */
const graceMs = 1000
const maxTickMs = 1000

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
  const waiting = new Map<readonly PendingCall[], { readonly deadline: number; readonly since: number }>()
  // Pending calls are aged in ticks of one timer: a clock or a timer for each would slow down every call.
  const tickMs = Math.min(maxTickMs, deadlineMs)
  let tick = 0

  let sweepTimer: ReturnType<typeof setTimeout> | undefined
  let queue: PendingCall[] = []
  let lastKey = 0
  let closed = false

  const enqueue = (call: CallTuple) =>
    new Promise<unknown>((resolve, reject) => {
      if (closed) return reject(closedError())
      if (queue.length === 0) queueMicrotask(flush)
      queue.push({ call, resolve, reject })
      if (queue.length === bridgeLimits.batch) flush()
    })

  // Calls the host has no time for wait here, and go together once it has answered another.
  const flush = () => {
    while (queue.length > 0 && waiting.size < bridgeLimits.window) {
      const calls = queue
      queue = calls.length > bridgeLimits.batch ? calls.splice(bridgeLimits.batch) : []
      send(calls, deadlineMs)
    }
  }

  const send = (calls: readonly PendingCall[], deadline: number) => {
    waiting.set(calls, { deadline, since: tick })
    sweepTimer ??= setTimeout(sweep, tickMs)
    const { call } = calls[0]!
    // The message could not be cloned. Alone, only the call at fault fails.
    const failed = (error: unknown) =>
      finish(calls, (pending) => {
        if (calls.length > 1) send([pending], deadline)
        else pending.reject(localError('INPUT_INVALID', `${call[0]}: ${String(error)}`))
      })
    const message = calls.length === 1 ? call : packCalls(calls.map((pending) => pending.call))
    const buffers = buffersIn(() => calls.flatMap((pending) => pending.call[1]))
    if (buffers.length > 0) markTransfer(message, buffers)
    if (calls.length === 1) {
      sendCall(message as CallTuple).then(
        (result) => finish(calls, (pending) => settle(pending, result)),
        failed,
      )
    } else {
      sendBatch(message as readonly CallRun[]).then((answer) => {
        const results = readResults(answer)
        finish(calls, (pending, index) => settle(pending, results[index]))
      }, failed)
    }
  }

  const finish = (calls: readonly PendingCall[], each: (pending: PendingCall, index: number) => void) => {
    if (!waiting.delete(calls)) return
    calls.forEach(each)
    if (queue.length > 0) flush()
  }

  const sweep = () => {
    sweepTimer = undefined
    tick++
    for (const [calls, { deadline, since }] of waiting) {
      if ((tick - since - 1) * tickMs < deadline) continue
      const error = localError('BRIDGE_TIMEOUT', `The host did not answer within ${deadline} ms.`, true)
      finish(calls, (pending) => pending.reject(error))
    }
    if (waiting.size > 0) sweepTimer = setTimeout(sweep, tickMs)
  }

  return {
    call: (method, ...args) => enqueue([method, args]),
    callAlone: (method, args, deadline = deadlineMs) =>
      new Promise((resolve, reject) => {
        if (closed) reject(closedError())
        else send([{ call: [method, args], resolve, reject }], deadline)
      }),
    callUntil(signal, method, args) {
      if (signal.aborted) return Promise.reject(signal.reason)
      const key = ++lastKey
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          reject(signal.reason)
          const waits = queue.findIndex(({ call }) => call[2] === key)
          if (waits >= 0) queue.splice(waits, 1)
          else if (!closed) enqueue(['calls.cancel', [key]]).catch(() => {})
        }
        signal.addEventListener('abort', onAbort, { once: true })
        enqueue([method, args, key])
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', onAbort))
      })
    },
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
      for (const pending of [...queue, ...[...waiting.keys()].flat()]) pending.reject(closedError())
      queue = []
      waiting.clear()
      clearTimeout(sweepTimer)
    },
  }
}

function settle({ resolve, reject }: PendingCall, result: CallResult | undefined): void {
  if (result?.ok === true) resolve(result.value)
  else if (result?.error) reject(rebuild(result.error))
  else reject(localError('INTERNAL', 'The host left a call unanswered.'))
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
