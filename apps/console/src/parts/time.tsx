import { useSyncExternalStore } from 'react'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago something was, with the full time on hover. */
export function Ago({ time }: { readonly time: string }) {
  const now = useMinute()
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return <span>{time}</span>
  return (
    <time className="c-time" dateTime={time} title={full.format(date)}>
      {ago(now - date.getTime())}
    </time>
  )
}

/** The time of day, with the full date on hover. */
export function Clock({ time }: { readonly time: string }) {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return <span>{time}</span>
  return (
    <time className="c-time" dateTime={time} title={full.format(date)}>
      {clock.format(date)}
    </time>
  )
}

/** A date and time in words. */
export function FullTime({ time }: { readonly time: string }) {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? <span>{time}</span> : <time dateTime={time}>{full.format(date)}</time>
}

function ago(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (Math.abs(seconds) < 45) return 'just now'
  const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', 60]
  return relative.format(-Math.round(seconds / length), unit)
}

let minute = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** The time, renewed every half minute by one timer for all. */
function useMinute(): number {
  return useSyncExternalStore(subscribe, () => minute)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    minute = Date.now()
    for (const each of listeners) each()
  }, 30_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
