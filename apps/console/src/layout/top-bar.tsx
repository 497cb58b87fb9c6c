import type { ThemeRecord } from '@mortise/contract'
import { IconButton, Kbd, Menu, type MenuEntry } from '@mortise/react/host'
import CircleUser from 'lucide-react/icons/circle-user'
import LogOut from 'lucide-react/icons/log-out'
import MenuIcon from 'lucide-react/icons/menu'
import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import Palette from 'lucide-react/icons/palette'
import Search from 'lucide-react/icons/search'
import Sun from 'lucide-react/icons/sun'
import { Button as AriaButton } from 'react-aria-components/Button'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { type Person, themeApi } from '../api/plugins.ts'
import { setNavigationOpen, setPaletteOpen } from '../state/preferences.ts'
import { useQuery } from '../state/query.ts'
import { changeTheme, host, themeKey } from '../state/shell.ts'
import { Mark } from './logo.tsx'
import { NotificationBell } from './notification-list.tsx'

interface TopBarProps {
  readonly person: Person
  readonly onSignOut: () => void
}

/** Search and commands, the connection, light or dark, and who is signed in. */
export function TopBar({ person, onSignOut }: TopBarProps) {
  const [, navigate] = useLocation()
  return (
    <header className="c-top">
      <div className="c-top__narrow">
        <IconButton label="Open navigation" icon={<MenuIcon />} onPress={() => setNavigationOpen(true)} />
        <Mark />
      </div>
      <AriaButton className="c-top__search" onPress={() => setPaletteOpen(true)}>
        <Search aria-hidden="true" />
        <span className="c-top__search-text">Search or run a command</span>
        <Kbd>{isApple() ? '⌘' : 'Ctrl'} K</Kbd>
      </AriaButton>
      <div className="c-top__end">
        <ConnectionState />
        <NotificationBell person={person} />
        <ModeMenu />
        <Menu
          label="Account"
          trigger={<IconButton label={`Account of ${person.name}`} icon={<CircleUser />} />}
          items={[
            {
              id: 'person',
              label: person.name,
              description: person.role,
              icon: <CircleUser />,
              disabled: true,
              onAction: () => {},
            },
            'separator',
            {
              id: 'appearance',
              label: 'Appearance',
              icon: <Palette />,
              onAction: () => navigate('/appearance'),
            },
            { id: 'sign-out', label: 'Sign out', icon: <LogOut />, onAction: onSignOut },
          ]}
        />
      </div>
    </header>
  )
}

/** The three modes with the icon of each. */
export const modes = [
  { mode: 'system', label: 'Same as system', Icon: Monitor },
  { mode: 'light', label: 'Light', Icon: Sun },
  { mode: 'dark', label: 'Dark', Icon: Moon },
] as const satisfies readonly { mode: ThemeRecord['mode']; label: string; Icon: unknown }[]

function ModeMenu() {
  const { data } = useQuery(themeKey, themeApi.read)
  const current = modes.find(({ mode }) => mode === data?.mode) ?? modes[0]
  const items = modes.map(
    ({ mode, label, Icon }): MenuEntry => ({
      id: mode,
      label,
      icon: <Icon />,
      hint: mode === data?.mode ? 'In use' : undefined,
      onAction: () => void changeTheme({ mode }),
    }),
  )
  return (
    <Menu
      label="Mode"
      trigger={<IconButton label={`Mode: ${current.label}`} icon={<current.Icon />} />}
      items={items}
    />
  )
}

const connections = {
  connecting: { label: 'Connecting', detail: 'Connecting to the event feed' },
  online: { label: 'Live', detail: 'Changes appear as they happen' },
  offline: { label: 'Offline', detail: 'No connection to the server. Trying again.' },
} as const

/** Whether what is on the screen follows the server. */
function ConnectionState() {
  const connection = useStore(host.store, (state) => state.connection)
  const { label, detail } = connections[connection]
  return (
    <span className={`c-connection c-connection--${connection}`} role="status" title={detail}>
      <span className="c-connection__dot" aria-hidden="true" />
      <span className="c-connection__label">{label}</span>
    </span>
  )
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform)
}
