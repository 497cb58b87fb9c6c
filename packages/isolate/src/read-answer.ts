import { MortiseError, parse, s } from '@mortise/contract'
import type { PluginAnswer } from './types.ts'

const head = s.object({
  status: s.pipe(s.number(), s.integer(), s.minValue(200), s.maxValue(599)),
  headers: s.pipe(
    s.array(
      s.tuple([
        s.pipe(s.string(), s.maxLength(100)),
        s.pipe(s.string(), s.maxLength(8_000), s.regex(/^[\t\x20-\x7e\x80-\xff]*$/)),
      ]),
    ),
    s.maxLength(64),
  ),
})

/**
 * Reads what a guest answered to a web request.
 *
 * @throws PLUGIN_ANSWER_INVALID
 */
export function readGuestAnswer(value: unknown, body: Uint8Array | undefined, plugin: string): PluginAnswer {
  const parsed = parse(head, value)
  if (parsed.ok) return { ...parsed.value, body }
  const { pointer, message } = parsed.issues[0]!
  throw new MortiseError(
    'PLUGIN_ANSWER_INVALID',
    `${plugin}: The answer to a web request cannot be passed on: ${pointer} ${message}`,
    { source: 'plugin' },
  )
}
