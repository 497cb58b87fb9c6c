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
      if (!Array.isArray(value) || value.length === 0 || value.length > maxBatch) return 'batch'
      return value.every(isCall) ? { id, calls: value, batch: true } : 'batch'
    default:
      return 'path'
  }
}

function isRaw(argument: unknown): argument is { readonly value: unknown } {
  return typeof argument === 'object' && argument !== null && (argument as { type?: unknown }).type === 'RAW'
}

function isCall(call: unknown): call is CallTuple {
  return (
    Array.isArray(call) &&
    (call.length === 2 || (call.length === 3 && Number.isSafeInteger(call[2]) && (call[2] as number) > 0)) &&
    typeof call[0] === 'string' &&
    call[0].length <= maxName &&
    Array.isArray(call[1])
  )
}
