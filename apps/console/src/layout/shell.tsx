import { Dialog, HostProvider, Notice, ToastRegion } from '@mortise/react/host'
import { type ReactNode, Suspense, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import type { Person } from '../api/plugins.ts'
import { ownName, useBranding, useFollowBranding } from '../appearance/branding.ts'
import { PermissionPrompts } from '../approval/permission-prompt.tsx'
import { ApprovalSheet, CommandForm, CommandPalette, TrialBar } from '../pages/lazy-pages.ts'
import { PersonContext } from '../state/person.ts'
import { setNavigationOpen, setPaletteOpen, usePreferences } from '../state/preferences.ts'
import { usePrompts } from '../state/prompts.ts'
import { useAskedCommand } from '../state/run-command.ts'
import { host } from '../state/shell.ts'
import { toasts } from '../state/toasts.ts'
import { useTrial } from '../state/trial.ts'
import { Navigation, NavigationLinks } from './navigation.tsx'
import { TopBar } from './top-bar.tsx'

interface ShellProps {
  readonly person: Person
  readonly onSignOut: () => void
  readonly children: ReactNode
}

/** What stays on the screen while pages change, and everything the host draws above them. */
export function Shell({ person, onSignOut, children }: ShellProps) {
  const { navigationOpen, paletteOpen } = usePreferences()
  const approving = usePrompts((state) => state.approving)
  const asked = useAskedCommand((state) => state.asked)
  const trying = useTrial((state) => state.wearing !== undefined)
  const offline = useStore(host.store, (state) => state.connection === 'offline')
  const { name = ownName, navigation } = useBranding()
  useFollowBranding()
  const main = usePageFocus()
  usePaletteKey()
  return (
    <HostProvider host={host}>
      <div className={`c-shell c-shell--${navigation}`}>
        <a className="c-skip" href="#main">
          Skip to content
        </a>
        <Navigation place={navigation} />
        <div className="c-shell__page">
          <TopBar person={person} onSignOut={onSignOut} />
          <main id="main" ref={main} tabIndex={-1} className="c-main">
            {offline && (
              <div className="c-offline">
                <Notice tone="warning" title="You are offline">
                  What you see may be out of date. It is read again when the server answers.
                </Notice>
              </div>
            )}
            <PersonContext value={person}>{children}</PersonContext>
          </main>
        </div>
      </div>
      <Dialog open={navigationOpen} onOpenChange={setNavigationOpen} title={name} size="sm" placement="end">
        <nav aria-label="Main">
          <NavigationLinks />
        </nav>
      </Dialog>
      <Suspense fallback={null}>
        {paletteOpen && <CommandPalette onSignOut={onSignOut} />}
        {asked && <CommandForm key={`${asked.plugin.id} ${asked.command.name}`} asked={asked} />}
        {trying && <TrialBar />}
        {approving && <ApprovalSheet key={approving.plugin} {...approving} />}
      </Suspense>
      <PermissionPrompts />
      <ToastRegion toasts={toasts} />
    </HostProvider>
  )
}

/** Moves focus to the new page, so that keyboards and screen readers start at its top. */
function usePageFocus() {
  const [path] = useLocation()
  const main = useRef<HTMLElement>(null)
  // Panels beside a list share the list's page: opening one must not throw focus back to the top.
  const page = path.split('/')[1]
  const before = useRef(page)
  useEffect(() => {
    if (before.current === page) return
    before.current = page
    main.current?.focus({ preventScroll: true })
    main.current?.scrollTo(0, 0)
  }, [page])
  return main
}

function usePaletteKey() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey) return
      event.preventDefault()
      setPaletteOpen(!usePreferences.getState().paletteOpen)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
