import { Badge, Button, EmptyState, IconButton, Skeleton } from '@mortise/react/host'
import Bell from 'lucide-react/icons/bell'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import { useStore } from 'zustand'
import type { Person } from '../api/plugins.ts'
import { Ago } from '../parts/time.tsx'
import { pressOf } from '../state/notification-action.ts'
import {
  markNotificationsSeen,
  readNotifications,
  type ShownNotification,
  useNotifications,
} from '../state/notifications.ts'
import { host } from '../state/shell.ts'

const words = { info: 'Note', success: 'Done', warning: 'Warning', danger: 'Error' } as const

/** The bell: how much plugins said since it was opened last, and all they said. */
export function NotificationBell({ person }: { readonly person: Person }) {
  const { list, seen } = useNotifications()
  const unread = list.filter(({ cursor }) => cursor > seen).length
  const label = unread === 0 ? 'Notifications' : `Notifications, ${unread} new`
  return (
    <DialogTrigger onOpenChange={(open) => !open && markNotificationsSeen()}>
      <span className="c-bell">
        <IconButton label={label} icon={<Bell />} />
        {unread > 0 && (
          <span className="c-bell__count" aria-hidden="true">
            {unread > 9 ? '9+' : unread}
          </span>
        )}
      </span>
      <Popover className="m-popover c-notifications" placement="bottom end" offset={4}>
        <Dialog className="c-notifications__dialog" aria-label="Notifications">
          {({ close }) => <NotificationList person={person} onLeave={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function NotificationList({ person, onLeave }: { readonly person: Person; readonly onLeave: () => void }) {
  const { list, seen, state } = useNotifications()
  return (
    <>
      <h2 className="c-notifications__title">Notifications</h2>
      {state === 'failed' && (
        <p className="c-notifications__failure" role="alert">
          Earlier ones could not be read.{' '}
          <Button size="sm" onPress={() => void readNotifications(person)}>
            Try again
          </Button>
        </p>
      )}
      {state === 'reading' && list.length === 0 && (
        <output aria-busy="true" aria-label="Reading notifications">
          <Skeleton width={80} />
        </output>
      )}
      {state === 'read' && list.length === 0 && (
        <EmptyState
          size="sm"
          icon={<Bell />}
          title="Nothing yet"
          description="What plugins tell you is kept here after it left the screen."
        />
      )}
      {list.length > 0 && (
        <ul className="c-notifications__list">
          {list.map((one) => (
            <NotificationItem key={one.id} notification={one} isNew={one.cursor > seen} onLeave={onLeave} />
          ))}
        </ul>
      )}
    </>
  )
}

function NotificationItem({
  notification: { plugin, from, title, message, time, tone, actions },
  isNew,
  onLeave,
}: {
  readonly notification: ShownNotification
  readonly isNew: boolean
  /** Called before a button does its work, which happens outside of the list. */
  readonly onLeave: () => void
}) {
  const plugins = useStore(host.store, (state) => state.plugins)
  const buttons = actions.flatMap((action) => {
    const press = pressOf(plugin, action, plugins)
    return press ? [{ label: action.label, press }] : []
  })
  return (
    <li className={isNew ? 'c-notification c-notification--new' : 'c-notification'}>
      <div className="c-notification__head">
        <Badge tone={tone} dot>
          {words[tone]}
        </Badge>
        <bdi className="c-muted">{from}</bdi>
        <span className="c-muted c-notification__time">
          {isNew && <span className="m-visually-hidden">New. </span>}
          <Ago time={time} />
        </span>
      </div>
      <p className="c-strong">
        <bdi>{title}</bdi>
      </p>
      {message !== '' && (
        <p>
          <bdi>{message}</bdi>
        </p>
      )}
      {buttons.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for the fields of a form
        <div role="group" aria-label={`${from}: ${title}`} className="c-notification__actions">
          {buttons.map(({ label, press }, index) => (
            <Button
              key={index}
              size="sm"
              onPress={() => {
                onLeave()
                press()
              }}
            >
              <bdi>{label}</bdi>
            </Button>
          ))}
        </div>
      )}
    </li>
  )
}
