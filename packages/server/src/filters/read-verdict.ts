import { MortiseError } from '@mortise/contract'

/** What a filter decided. */
export type FilterVerdict =
  | { readonly action: 'pass' }
  | { readonly action: 'modify'; readonly payload: unknown }
  | { readonly action: 'drop'; readonly reason: string }

const longestReason = 500

/**
 * Reads what a filter answered; nothing means pass.
 *
 * @throws `INPUT_INVALID` for anything that is no verdict.
 */
export function readVerdict(answer: unknown): FilterVerdict {
  if (answer === undefined || answer === null) return { action: 'pass' }
  const { action, payload, reason } = answer as Record<string, unknown>
  if (action === 'pass') return { action }
  if (action === 'modify') return { action, payload }
  if (action === 'drop') return { action, reason: typeof reason === 'string' ? clean(reason) : '' }
  throw new MortiseError('INPUT_INVALID', 'A filter answers with the action pass, modify or drop.')
}

function clean(reason: string): string {
  return reason.slice(0, longestReason).replace(/\p{Cc}/gu, ' ')
}
