/**
 * The one message form a guest may send, read from whatever arrived. Nothing is
 * looked up by a name from the message: each field is compared with what it must be.
 */
import type { CallTuple } from '@mortise/contract'

/** Why a message was dropped. */
export type ViolationReason =
  | 'not-a-call'
  | 'id'
  | 'type'
  | 'path'
  | 'arguments'
  | 'batch'
  | 'transferred-port'
  | 'undeserializable'
  | 'not-plain'
  | 'too-large'
  | 'flood'

export interface CallRequest {
  readonly id: string
  readonly calls: readonly CallTuple[]
  /** Whether the answer is a list. */
  readonly batch: boolean
}

const maxId = 80
const maxName = 128

/** The request in a message, or why it is none. */
export function readRequest(data: unknown, maxBatch: number): CallRequest | ViolationReason {
  if (typeof data !== 'object' || data === null) return 'not-a-call'
  const { id, type, path, argumentList } = data as Record<string, unknown>
  if (typeof id !== 'string' || id.length === 0 || id.length > maxId) return 'id'
  if (type !== 'APPLY') return 'type'
  if (!Array.isArray(path) || path.length !== 1) return 'path'
  if (!Array.isArray(argumentList) || argumentList.length !== 1) return 'arguments'
  const [argument] = argumentList
  if (!isRaw(argument)) return 'arguments'
  const { value } = argument
  switch (path[0]) {
    case 'call':
      return isCall(value) ? { id, calls: [value], batch: false } : 'arguments'
    case 'batch':
      return readBatch(id, value, maxBatch)
    default:
      return 'path'
  }
}

function isRaw(argument: unknown): argument is { readonly value: unknown } {
  return typeof argument === 'object' && argument !== null && (argument as { type?: unknown }).type === 'RAW'
}

/** By index: a sparse array claims any length for a few bytes. */
function readBatch(id: string, runs: unknown, maxCalls: number): CallRequest | 'batch' {
  if (!Array.isArray(runs)) return 'batch'
  const calls: CallTuple[] = []
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index]
    if (!isCall(run)) return 'batch'
    const [method, list, key] = run
    if (list.length === 0 || calls.length + list.length > maxCalls) return 'batch'
    if (key !== undefined && list.length > 1) return 'batch'
    for (let call = 0; call < list.length; call++) {
      const args = list[call]
      if (!Array.isArray(args)) return 'batch'
      calls.push(key === undefined ? [method, args] : [method, args, key])
    }
  }
  return calls.length > 0 ? { id, calls, batch: true } : 'batch'
}

/** A call, or a run of them, whose arguments are lists. */
function isCall(call: unknown): call is CallTuple {
  return (
    Array.isArray(call) &&
    (call.length === 2 || (call.length === 3 && Number.isSafeInteger(call[2]) && (call[2] as number) > 0)) &&
    typeof call[0] === 'string' &&
    call[0].length <= maxName &&
    Array.isArray(call[1])
  )
}
