import Activity from 'lucide-react/icons/activity'
import LayoutDashboard from 'lucide-react/icons/layout-dashboard'
import LayoutTemplate from 'lucide-react/icons/layout-template'
import MonitorPlay from 'lucide-react/icons/monitor-play'
import Palette from 'lucide-react/icons/palette'
import Puzzle from 'lucide-react/icons/puzzle'
import SwatchBook from 'lucide-react/icons/swatch-book'
import Users from 'lucide-react/icons/users'
import Webhook from 'lucide-react/icons/webhook'
import type { ComponentType } from 'react'

/** A page that the navigation and the command palette lead to. */
export interface Place {
  readonly path: string
  readonly label: string
  readonly icon: ComponentType<{ 'aria-hidden'?: 'true' }>
  /** Where the pages of single things of this place are, when that is not below its own path. */
  readonly details?: string
  /** Heading of the group it stands under. */
  readonly group: 'Workspace' | 'Platform'
}

export const places: readonly Place[] = [
  { path: '/', label: 'Dashboard', icon: LayoutDashboard, group: 'Workspace' },
  { path: '/sessions', label: 'Sessions', icon: MonitorPlay, group: 'Workspace' },
  { path: '/users', label: 'Users', icon: Users, group: 'Workspace' },
  { path: '/templates', label: 'Templates', icon: LayoutTemplate, group: 'Workspace' },
  { path: '/plugins', label: 'Plugins', details: '/installed', icon: Puzzle, group: 'Platform' },
  { path: '/webhooks', label: 'Webhooks', icon: Webhook, group: 'Platform' },
  { path: '/activity', label: 'Activity', icon: Activity, group: 'Platform' },
  { path: '/appearance', label: 'Appearance', icon: Palette, group: 'Platform' },
  { path: '/studio', label: 'Theme studio', icon: SwatchBook, group: 'Platform' },
]

/** Whether a place holds the page at a path. */
export function holds(place: Place, path: string): boolean {
  if (place.path === '/') return path === '/'
  return [place.path, place.details].some((base) => base && (path === base || path.startsWith(`${base}/`)))
}
