import { type LifecycleEvent, notificationRecordSchema, notificationType, parse } from '@mortise/contract'
import type { Person } from '../api/plugins.ts'
import { host } from './shell.ts'
import { toasts } from './toasts.ts'

const tones = { info: 'info', success: 'success', warning: 'warning', error: 'danger' } as const

let stop: (() => void) | undefined

/** Shows from now on what plugins tell this person, headed with the name of the plugin. */
export function showNotifications(person: Person): void {
  stop?.()
  stop = host.onEvent((_cursor, event) => show(event, person))
}

function show({ event_type, data }: LifecycleEvent, { id, role }: Person): void {
  if (event_type !== notificationType) return
  const parsed = parse(notificationRecordSchema, data)
  if (!parsed.ok) return
  const { from, to, title, message, type } = parsed.value
  if (to !== '*' && to !== id && !(to === 'admins' && role === 'admin')) return
  toasts.show({ title: `${from}: ${title}`, description: message, tone: tones[type] })
}
