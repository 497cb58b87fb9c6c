import { completeEvent } from '@mortise/contract'

/** What the benches publish. */
export const benchEvent = {
  event_type: 'bench.sent',
  username: 'ada',
  target_type: 'session',
  target_id: 'ses-1',
  meta: { note: 'as long as a line of text is, so that the frame is not only its envelope' },
} as const

/** A frame as the feed sends it. */
export function printEvent(cursor: number): string {
  const event = completeEvent(
    {
      user_id: null,
      server_id: null,
      server_name: '',
      ip: null,
      user_agent: null,
      severity: 'info',
      ...benchEvent,
    },
    { id: '550e8400-e29b-41d4-a716-446655440000', now: new Date() },
  )
  return JSON.stringify({ type: 'event', cursor: String(cursor).padStart(12, '0'), event })
}
