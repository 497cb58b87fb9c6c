import { MortiseError } from '@mortise/contract'

/** What a plugin decided in a ring. */
export type RingVerdict = { readonly metadata: Readonly<Record<string, unknown>> } & (
  | { readonly action: 'passthrough' }
  | { readonly action: 'modify'; readonly body: unknown; readonly message: string | undefined }
  | {
      readonly action: 'block'
      readonly status: number
      readonly errorType: string
      readonly message: string
      /** The status it asked for, where that was none. */
      readonly corrected: unknown
    }
  | { readonly action: 'cache_hit'; readonly response: unknown }
)

const actions = ['passthrough', 'modify', 'block', 'cache_hit']
const largestMetadata = 64 * 1024

/**
 * Reads what a plugin answered in a ring; nothing means passthrough.
 *
 * @throws `INPUT_INVALID` for anything that is no result.
 */
export function readRingResult(answer: unknown): RingVerdict {
  if (answer === undefined || answer === null) return { action: 'passthrough', metadata: {} }
  if (typeof answer !== 'object') throw new MortiseError('INPUT_INVALID', 'The result is not an object')
  const given = answer as Record<string, unknown>
  const metadata = readMetadata(given.metadata)
  switch (given.action) {
    case 'passthrough':
      return { action: 'passthrough', metadata }
    case 'modify':
      return { action: 'modify', body: given.body ?? undefined, message: readText(given.message), metadata }
    case 'cache_hit':
      return { action: 'cache_hit', response: given.response ?? null, metadata }
    case 'block': {
      const wanted = given.status ?? 403
      const isError = Number.isInteger(wanted) && Number(wanted) >= 400 && Number(wanted) <= 599
      return {
        action: 'block',
        status: isError ? Number(wanted) : 403,
        corrected: isError ? undefined : wanted,
        errorType: readText(given.type) ?? 'plugin_block',
        message: readText(given.message) ?? 'Blocked by plugin',
        metadata,
      }
    }
    default: {
      const name = String(readText(given.action) ?? typeof given.action).slice(0, 40)
      throw new MortiseError(
        'INPUT_INVALID',
        `The action '${name}' is unknown. Known are ${actions.join(', ')}`,
      )
    }
  }
}

/** Keys with a leading `_` are the engine's own. */
function readMetadata(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  if (JSON.stringify(value).length > largestMetadata) {
    throw new MortiseError('PAYLOAD_TOO_LARGE', 'The metadata is too large')
  }
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('_')))
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 2000).replace(/\p{Cc}/gu, ' ') : undefined
}
