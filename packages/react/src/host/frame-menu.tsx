import type { SlotWidget } from '@mortise/host'
import Ellipsis from 'lucide-react/icons/ellipsis'
import EyeOff from 'lucide-react/icons/eye-off'
import RotateCw from 'lucide-react/icons/rotate-cw'
import ScrollText from 'lucide-react/icons/scroll-text'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { IconButton } from '../components/button.tsx'
import { Menu, type MenuEntry } from '../components/menu.tsx'
import { useHost } from './host-context.tsx'

export interface FrameMenuActions {
  /** Opens the shell's page for a plugin. Without it the menu has no such entries. */
  readonly onOpenPlugin?: ((plugin: string, section: PluginSection) => void) | undefined
  readonly onHide?: ((widget: string) => void) | undefined
}

/** Parts of a plugin's page that a widget links to. */
export type PluginSection = 'permissions' | 'configuration' | 'logs'

/** What can be done with a widget. */
export function FrameMenu({
  widget,
  onOpenPlugin,
  onHide,
}: FrameMenuActions & { readonly widget: SlotWidget }) {
  const host = useHost()
  const { plugin } = widget
  const items: (MenuEntry | 'separator')[] = [
    { id: 'reload', label: 'Reload', icon: <RotateCw />, onAction: () => void host.reload(plugin.id) },
  ]
  if (onHide) {
    items.push({ id: 'hide', label: 'Hide', icon: <EyeOff />, onAction: () => onHide(widget.key) })
  }
  if (onOpenPlugin) {
    items.push(
      'separator',
      {
        id: 'permissions',
        label: 'Permissions',
        icon: <ShieldCheck />,
        onAction: () => onOpenPlugin(plugin.id, 'permissions'),
      },
      { id: 'logs', label: 'Logs', icon: <ScrollText />, onAction: () => onOpenPlugin(plugin.id, 'logs') },
    )
  }
  return (
    <Menu
      label={`${widget.widget.title}, ${plugin.displayName}`}
      trigger={<IconButton size="sm" label="Widget menu" icon={<Ellipsis />} />}
      items={items}
    />
  )
}
