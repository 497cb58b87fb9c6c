import { type LifecycleEvent, notificationRecordSchema, notificationType, parse } from '@mortise/contract'
import type { ToastMessage } from '@mortise/react/host'
import type { Person } from '../api/plugins.ts'
import { host } from './shell.ts'
import { toasts } from './toasts.ts'

const tones = { info: 'info', success: 'success', warning: 'warning', error: 'danger' } as const

/** Fewer than fit on the page: a plugin must not keep the host's own messages from being seen. */
const mostShown = 2
/** Also an error goes by itself, in milliseconds: it is a plugin's word, not the host's. */
const shownMs = 8000

const waiting: ToastMessage[] = []
let shown = 0
let stop: (() => void) | undefined

/** Shows from now on what plugins tell this person, headed with the name of the plugin. */
export function showNotifications(person: Person): void {
  stop?.()
  stop = host.onEvent((_cursor, event) => take(event, person))
}

function take({ event_type, data }: LifecycleEvent, { id, role }: Person): void {
  if (event_type !== notificationType) return
  const parsed = parse(notificationRecordSchema, data)
  if (!parsed.ok) return
  const { from, to, title, message, type } = parsed.value
  if (to !== '*' && to !== id && !(to === 'admins' && role === 'admin')) return
  waiting.push({ title: `${from}: ${title}`, description: message, tone: tones[type] })
  showNext()
}

function showNext(): void {
  if (shown >= mostShown) return
  const next = waiting.shift()
  if (!next) return
  shown++
  const close = toasts.show(next)
  setTimeout(() => {
    close()
    shown--
    showNext()
  }, shownMs)
}
