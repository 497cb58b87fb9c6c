import { MortiseError } from '@mortise/contract'
import { Cron } from 'croner'

/** Words for common intervals, as StreamSpace knows them, and the cron pattern each means. */
const intervals: Readonly<Record<string, string>> = {
  '1m': '* * * * *',
  '5m': '*/5 * * * *',
  '10m': '*/10 * * * *',
  '15m': '*/15 * * * *',
  '30m': '*/30 * * * *',
  '1h': '0 * * * *',
  hourly: '0 * * * *',
  '2h': '0 */2 * * *',
  '4h': '0 */4 * * *',
  '6h': '0 */6 * * *',
  '12h': '0 */12 * * *',
  '24h': '0 0 * * *',
  daily: '0 0 * * *',
  weekly: '0 0 * * 0',
  monthly: '0 0 1 * *',
}

/** When something is to run. */
export interface Schedule {
  readonly once: boolean
  /** The first time after `from`; `undefined` where there is none. */
  next(from: Date): Date | undefined
}

/**
 * Reads a cron pattern of five fields, a word such as `hourly`, or one moment as an ISO 8601 time. All in UTC.
 *
 * @throws `INPUT_INVALID`.
 */
export function readSchedule(text: string): Schedule {
  const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) ? new Date(text) : undefined
  if (moment && !Number.isNaN(moment.getTime())) return { once: true, next: () => moment }
  const pattern = Object.hasOwn(intervals, text) ? intervals[text]! : text
  try {
    // The library takes more forms than are promised here.
    if (!/^\S+(?: +\S+){4}$/.test(pattern)) throw new Error('It has not five fields')
    const cron = new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true })
    return { once: false, next: (from) => cron.nextRun(from) ?? undefined }
  } catch (cause) {
    throw new MortiseError(
      'INPUT_INVALID',
      `'${text.slice(0, 100)}' is no schedule. Write five cron fields such as '30 4 * * *', one of ${Object.keys(intervals).join(', ')}, or a time such as 2030-01-31T12:00:00Z.`,
      { cause },
    )
  }
}
