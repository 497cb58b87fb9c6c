import type { ThemeBranding } from '@mortise/contract'
import { IconButton, Tooltip } from '@mortise/react/host'
import PanelLeftClose from 'lucide-react/icons/panel-left-close'
import PanelLeftOpen from 'lucide-react/icons/panel-left-open'
import { Link as AriaLink } from 'react-aria-components/Link'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { setNavigationOpen, toggleNavigation, usePreferences } from '../state/preferences.ts'
import { host } from '../state/shell.ts'
import { Logo, Mark } from './logo.tsx'
import { holds, type Place, places } from './places.ts'

const groups = ['Workspace', 'Platform'] as const

/** The navigation at the side, a column of names or a rail of icons when collapsed, or a row at the top. */
export function Navigation({ place }: { readonly place: ThemeBranding['navigation'] }) {
  const collapsed = usePreferences((state) => state.navigationCollapsed) && place === 'side'
  if (place === 'top') {
    return (
      <nav className="c-nav c-nav--top" aria-label="Main">
        <div className="c-nav__head">
          <Logo />
        </div>
        <NavigationLinks />
      </nav>
    )
  }
  return (
    <nav className={collapsed ? 'c-nav c-nav--rail' : 'c-nav'} aria-label="Main">
      <div className="c-nav__head">{collapsed ? <Mark /> : <Logo />}</div>
      <NavigationLinks rail={collapsed} />
      <div className="c-nav__foot">
        <IconButton
          label={collapsed ? 'Expand navigation' : 'Collapse navigation'}
          icon={collapsed ? <PanelLeftOpen /> : <PanelLeftClose />}
          size="sm"
          onPress={toggleNavigation}
        />
      </div>
    </nav>
  )
}

/** The links of the navigation, also drawn in the sheet of narrow screens. */
export function NavigationLinks({ rail = false }: { readonly rail?: boolean }) {
  return (
    <div className="c-nav__links">
      {groups.map((group) => (
        <div key={group} className="c-nav__group">
          <div className={rail ? 'm-visually-hidden' : 'c-nav__group-name'}>{group}</div>
          {places
            .filter((place) => place.group === group)
            .map((place) => (
              <PlaceLink key={place.path} place={place} rail={rail} />
            ))}
        </div>
      ))}
    </div>
  )
}

function PlaceLink({ place, rail }: { readonly place: Place; readonly rail: boolean }) {
  const [path] = useLocation()
  const waiting = useStore(
    host.store,
    ({ plugins }) => plugins.filter(({ status }) => status === 'awaiting-approval').length,
  )
  const count = place.path === '/plugins' && waiting > 0 ? waiting : undefined
  const current = holds(place, path)
  const link = (
    <AriaLink
      className={current ? 'c-nav__link c-nav__link--current' : 'c-nav__link'}
      href={place.path}
      aria-current={current ? 'page' : undefined}
      aria-label={rail ? place.label : undefined}
      onPress={() => setNavigationOpen(false)}
    >
      <place.icon aria-hidden="true" />
      {!rail && <span className="c-nav__label">{place.label}</span>}
      {count !== undefined && (
        <span className="c-nav__count">
          <span aria-hidden="true">{rail ? '' : count}</span>
          <span className="m-visually-hidden">, {count} waiting for approval</span>
        </span>
      )}
    </AriaLink>
  )
  return rail ? (
    <Tooltip text={place.label} placement="end">
      {link}
    </Tooltip>
  ) : (
    link
  )
}
