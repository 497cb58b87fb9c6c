import { type Infer, parse, s } from '@mortise/contract'
import type { ChildMessage } from './wire.ts'

const key = s.pipe(s.number(), s.integer())
const id = s.pipe(s.number(), s.integer())
const amount = s.pipe(s.number(), s.finite(), s.minValue(0))
const text = s.optional(s.string())
const bytes = s.optional(
  s.pipe(
    s.any(),
    s.check((value) => value instanceof Uint8Array, 'is not bytes'),
  ),
)

const schema = s.variant('type', [
  s.strictObject({ type: s.literal('ready') }),
  s.strictObject({ type: s.literal('dying') }),
  s.strictObject({
    type: s.literal('answered'),
    key,
    id,
    outcome: s.picklist(['ok', 'threw', 'late']),
    payload: text,
    bytes,
  }),
  s.strictObject({
    type: s.literal('request'),
    key,
    id,
    kind: s.picklist(['host', 'fetch']),
    payload: s.string(),
    bytes,
  }),
  s.strictObject({ type: s.literal('abort'), key, id }),
  s.strictObject({ type: s.literal('log'), key, payload: s.string() }),
  s.strictObject({ type: s.literal('lists'), key, payload: s.string() }),
  s.strictObject({ type: s.literal('usage'), key, cpuMs: amount, memoryBytes: amount }),
  s.strictObject({
    type: s.literal('ended'),
    key,
    end: s.strictObject({
      code: s.picklist(['PLUGIN_TIMEOUT', 'PLUGIN_MEMORY', 'PLUGIN_CRASHED']),
      message: s.string(),
      strike: s.boolean(),
    }),
  }),
])

/**
 * Reads a message of a child; `undefined` for anything a child does not send.
 *
 * A child holds hostile code, so the parent believes it no more than it
 * believes a stranger: a message of another shape means that the child was
 * taken over.
 */
export function readChildMessage(message: unknown): ChildMessage | undefined {
  const parsed = parse(schema, message)
  return parsed.ok ? (parsed.value satisfies Infer<typeof schema> as ChildMessage) : undefined
}
