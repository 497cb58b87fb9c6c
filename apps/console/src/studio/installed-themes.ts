import type { PluginRecord } from '@mortise/contract'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { InstalledTheme } from '../appearance/theme-source.ts'
import { host } from '../state/shell.ts'

/** A theme to start from or to compare with. */
export interface KnownTheme extends InstalledTheme {
  readonly key: string
  readonly label: string
  readonly plugin: PluginRecord
}

/** Every theme that an installed plugin brings. */
export function useInstalledThemes(): readonly KnownTheme[] {
  const plugins = useStore(host.store, (state) => state.plugins)
  return useMemo(
    () =>
      plugins.flatMap((plugin) =>
        plugin.themes.map((contribution) => ({
          key: `${plugin.id}/${contribution.id}`,
          label: contribution.label,
          plugin,
          contribution,
        })),
      ),
    [plugins],
  )
}
