import { useSyncExternalStore } from 'react'
import { create } from 'zustand'

const navigationKey = 'mortise.navigation'

interface Preferences {
  readonly navigationCollapsed: boolean
  readonly navigationOpen: boolean
  readonly paletteOpen: boolean
}

/** What this browser remembers about the shell, and which of its overlays are open. */
export const usePreferences = create<Preferences>(() => ({
  navigationCollapsed: readNavigation() === 'collapsed',
  navigationOpen: false,
  paletteOpen: false,
}))

/** Collapses the navigation to a rail of icons, or expands it, and remembers which. */
export function toggleNavigation(): void {
  usePreferences.setState(({ navigationCollapsed }) => {
    try {
      localStorage.setItem(navigationKey, navigationCollapsed ? 'expanded' : 'collapsed')
    } catch {
      // Storage can be turned off. The choice then lasts as long as the page.
    }
    return { navigationCollapsed: !navigationCollapsed }
  })
}

export const setNavigationOpen = (navigationOpen: boolean): void =>
  usePreferences.setState({ navigationOpen })

export const setPaletteOpen = (paletteOpen: boolean): void => usePreferences.setState({ paletteOpen })

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}

function readNavigation(): string | null {
  try {
    return localStorage.getItem(navigationKey)
  } catch {
    return null
  }
}
