import {
  type LifecycleEvent,
  type NotificationAction,
  notificationRecordSchema,
  notificationType,
  parse,
} from '@mortise/contract'
import type { ToastMessage } from '@mortise/react/host'
import { create } from 'zustand'
import { type Person, readEvents } from '../api/plugins.ts'
import { pressOf } from './notification-action.ts'
import { host } from './shell.ts'
import { toasts } from './toasts.ts'

/** A notification as the person finds it later. All of it is the plugin's word, shown as text. */
export interface ShownNotification {
  readonly id: string
  readonly cursor: string
  readonly time: string
  readonly plugin: string
  readonly from: string
  readonly title: string
  readonly message: string
  readonly tone: 'info' | 'success' | 'warning' | 'danger'
  readonly actions: readonly NotificationAction[]
}

const tones = { info: 'info', success: 'success', warning: 'warning', error: 'danger' } as const

/** Fewer than fit on the page: a plugin must not keep the host's own messages from being seen. */
const mostShown = 2
/** Also an error goes by itself, in milliseconds: it is a plugin's word, not the host's. */
const shownMs = 8000
/** Notifications kept for later. */
const kept = 50
const seenKey = 'mortise.notifications'

/** What plugins told this person, newest first. */
export const useNotifications = create<{
  readonly list: readonly ShownNotification[]
  /** Cursor of the newest that was seen. */
  readonly seen: string
  readonly state: 'reading' | 'read' | 'failed'
}>(() => ({ list: [], seen: readSeen(), state: 'reading' }))

const waiting: ToastMessage[] = []
let shown = 0
let stop: (() => void) | undefined

/** Shows from now on what plugins tell this person, and finds what they said before. */
export function showNotifications(person: Person): void {
  stop?.()
  stop = host.onEvent((cursor, event) => {
    const one = toNotification(cursor, event, person)
    if (!one) return
    add([one])
    const { from, title, message: description, tone } = one
    waiting.push({ title: `${from}: ${title}`, description, tone, ...buttonOf(one) })
    showNext()
  })
  void readNotifications(person)
}

/** Reads what is in the log. */
export async function readNotifications(person: Person): Promise<void> {
  useNotifications.setState({ state: 'reading' })
  try {
    const events = await readEvents(1000)
    add(events.flatMap(({ cursor, event }) => toNotification(cursor, event, person) ?? []))
    useNotifications.setState({ state: 'read' })
  } catch {
    // Said where the notifications are; what comes from now on is shown.
    useNotifications.setState({ state: 'failed' })
  }
}

/** Marks all that is listed as seen, here and in this browser. */
export function markNotificationsSeen(): void {
  const { list, seen } = useNotifications.getState()
  const newest = list[0]?.cursor ?? seen
  useNotifications.setState({ seen: newest })
  try {
    localStorage.setItem(seenKey, newest)
  } catch {
    // Storage can be turned off. They are new again after the page is loaded.
  }
}

function add(more: readonly ShownNotification[]): void {
  useNotifications.setState(({ list }) => {
    const fresh = more.filter(({ id }) => !list.some((known) => known.id === id))
    // Cursors have the same length, so their order is that of their text.
    const all = [...fresh, ...list].sort((a, b) => (a.cursor < b.cursor ? 1 : -1))
    return { list: all.slice(0, kept) }
  })
}

function toNotification(
  cursor: string,
  { event_id, event_type, timestamp, data }: LifecycleEvent,
  { id, role }: Person,
): ShownNotification | undefined {
  if (event_type !== notificationType) return undefined
  const parsed = parse(notificationRecordSchema, data)
  if (!parsed.ok) return undefined
  const { plugin, from, to, title, message, type, actions } = parsed.value
  if (to !== '*' && to !== id && !(to === 'admins' && role === 'admin')) return undefined
  return { id: event_id, cursor, time: timestamp, plugin, from, title, message, tone: tones[type], actions }
}

/** What the first button does. The others are in the list, where there is room for them. */
function buttonOf({ plugin, actions }: ShownNotification): Pick<ToastMessage, 'action'> {
  for (const action of actions) {
    const onPress = pressOf(plugin, action, host.store.getState().plugins)
    if (onPress) return { action: { label: action.label, onPress } }
  }
  return {}
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

function readSeen(): string {
  try {
    return localStorage.getItem(seenKey) ?? ''
  } catch {
    return ''
  }
}
