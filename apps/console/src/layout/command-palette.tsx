import { PluginIcon, Spinner } from '@mortise/react/host'
import { Command } from 'cmdk'
import Gauge from 'lucide-react/icons/gauge'
import LogOut from 'lucide-react/icons/log-out'
import Plus from 'lucide-react/icons/plus'
import SwatchBook from 'lucide-react/icons/swatch-book'
import Upload from 'lucide-react/icons/upload'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { pluginPath } from '../parts/plugin-path.ts'
import { setPaletteOpen } from '../state/preferences.ts'
import { commandsOf, startCommand } from '../state/run-command.ts'
import { useSessions } from '../state/sessions.ts'
import { changeTheme, host } from '../state/shell.ts'
import { places } from './places.ts'
import { modes } from './top-bar.tsx'

/** Sessions offered at most: more than fit would only slow typing down. */
const shownSessions = 200

/** Everything that can be gone to or done, found by typing. */
export function CommandPalette({ onSignOut }: { readonly onSignOut: () => void }) {
  const [, navigate] = useLocation()
  const plugins = useStore(host.store, (state) => state.plugins)
  const commands = commandsOf(plugins)
  const sessions = useSessions()
  const run = (action: () => void) => () => {
    setPaletteOpen(false)
    action()
  }
  return (
    <ModalOverlay className="m-overlay c-palette-overlay" isOpen onOpenChange={setPaletteOpen} isDismissable>
      <Modal className="m-dialog-box m-dialog-box--md c-palette-box">
        <AriaDialog className="c-palette-dialog" aria-label="Commands">
          <Command className="c-palette" label="Commands" loop>
            <Command.Input className="c-palette__input" placeholder="Search or run a command" autoFocus />
            <Command.List className="c-palette__list" label="Results">
              <Command.Empty className="c-palette__empty">
                Nothing matches. Try a page or a plugin.
              </Command.Empty>
              <Command.Group heading="Actions">
                <Entry icon={<Plus />} onSelect={run(() => navigate('/sessions/new'))}>
                  New session
                </Entry>
                <Entry icon={<Upload />} onSelect={run(() => navigate('/plugins?tab=catalog'))}>
                  Install a plugin
                </Entry>
                <Entry icon={<Gauge />} onSelect={run(() => navigate('/plugins?tab=cost'))}>
                  Which plugin is slow?
                </Entry>
                <Entry icon={<SwatchBook />} onSelect={run(() => navigate('/studio?new'))}>
                  New theme
                </Entry>
                {modes.map(({ mode, label, Icon }) => (
                  <Entry key={mode} icon={<Icon />} onSelect={run(() => void changeTheme({ mode }))}>
                    Mode: {label.toLowerCase()}
                  </Entry>
                ))}
                <Entry icon={<LogOut />} onSelect={run(onSignOut)}>
                  Sign out
                </Entry>
              </Command.Group>
              <Command.Group heading="Pages">
                {places.map((place) => (
                  <Entry
                    key={place.path}
                    icon={<place.icon aria-hidden="true" />}
                    onSelect={run(() => navigate(place.path))}
                  >
                    {place.label}
                  </Entry>
                ))}
              </Command.Group>
              {plugins.length > 0 && (
                <Command.Group heading="Plugins">
                  {plugins.map((plugin) => (
                    <Entry
                      key={plugin.id}
                      value={`plugin ${plugin.id} ${plugin.displayName}`}
                      icon={<PluginIcon id={plugin.id} name={plugin.displayName} />}
                      onSelect={run(() => navigate(pluginPath(plugin.id)))}
                    >
                      {plugin.displayName}
                    </Entry>
                  ))}
                </Command.Group>
              )}
              {commands.length > 0 && (
                <Command.Group heading="Commands of plugins">
                  {commands.map(({ plugin, command }) => (
                    <Entry
                      key={`${plugin.id} ${command.name}`}
                      value={`command ${plugin.id} ${command.name} ${command.title} ${command.description ?? ''}`}
                      icon={<PluginIcon id={plugin.id} name={plugin.displayName} />}
                      hint={plugin.displayName}
                      onSelect={run(() => void startCommand({ plugin, command }))}
                    >
                      {command.title}
                      {command.args.length > 0 && '…'}
                    </Entry>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Sessions">
                {!sessions.data && sessions.loading && (
                  <Command.Loading>
                    <span className="c-palette__loading">
                      <Spinner /> Reading sessions
                    </span>
                  </Command.Loading>
                )}
                {sessions.data?.slice(0, shownSessions).map((session) => (
                  <Entry
                    key={session.id}
                    value={`session ${session.id} ${session.name} ${session.user}`}
                    hint={session.user}
                    onSelect={run(() => navigate(`/sessions/${encodeURIComponent(session.id)}`))}
                  >
                    {session.name}
                  </Entry>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

interface EntryProps {
  readonly icon?: ReactNode
  readonly hint?: string
  readonly value?: string
  readonly onSelect: () => void
  readonly children: ReactNode
}

function Entry({ icon, hint, value, onSelect, children }: EntryProps) {
  return (
    <Command.Item className="c-palette__item" {...(value === undefined ? {} : { value })} onSelect={onSelect}>
      {icon && (
        <span className="c-palette__icon" aria-hidden="true">
          {icon}
        </span>
      )}
      <span className="c-palette__text">{children}</span>
      {hint && <span className="c-palette__hint">{hint}</span>}
    </Command.Item>
  )
}
