import type { CDPSession } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  /** Microseconds of processor time. */
  readonly tdur?: number
}

/** What a page's main thread did in one go. */
export interface Task {
  /** Milliseconds of processor time. */
  readonly cpuMs: number
  /** Milliseconds on the clock. */
  readonly ms: number
}

const categories = 'toplevel,blink.user_timing'

/**
 * Runs something in a page that marks its time with `tree begins` and `tree ends`, and answers the tasks of the page's
 * main thread in between, the longest first.
 */
export async function traceTasks(browser: CDPSession, run: () => Promise<void>): Promise<readonly Task[]> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: object[] }) => events.push(...(value as TraceEvent[]))
  browser.on('Tracing.dataCollected', collect)
  await browser.send('Tracing.start', { categories, transferMode: 'ReportEvents' })
  await run()
  const complete = new Promise((resolve) => browser.once('Tracing.tracingComplete', resolve))
  await browser.send('Tracing.end')
  await complete
  browser.off('Tracing.dataCollected', collect)
  const mark = (name: string) => events.find((event) => event.name === name)
  const [begins, ends] = [mark('tree begins'), mark('tree ends')]
  if (!begins || !ends) throw new Error('The page did not mark when it began and ended.')
  const { pid, tid } = begins
  return events
    .filter(
      (event) => event.pid === pid && event.tid === tid && event.name === 'ThreadControllerImpl::RunTask',
    )
    .filter(({ ts, dur = 0 }) => ts + dur > begins.ts && ts < ends.ts)
    .map(({ dur = 0, tdur = 0 }) => ({ cpuMs: tdur / 1000, ms: dur / 1000 }))
    .sort((one, other) => other.cpuMs - one.cpuMs)
}
