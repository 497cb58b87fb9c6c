import { useMemo } from 'react'
import { useStore } from 'zustand'
import { pluginsApi } from '../api/plugins.ts'
import { catalogKey } from '../plugins/install.ts'
import { type Query, useQuery } from '../state/query.ts'
import { host } from '../state/shell.ts'
import { type KnownTheme, themesOfPlugin } from './theme-source.ts'

/** Every theme that an installed plugin brings. */
export function useInstalledThemes(): readonly KnownTheme[] {
  const plugins = useStore(host.store, (state) => state.plugins)
  return useMemo(() => plugins.flatMap((plugin) => themesOfPlugin(plugin, 'installed')), [plugins])
}

/** Every theme of the catalog whose plugin is not installed. */
export function useCatalogThemes(): Query<readonly KnownTheme[]> & { readonly reload: () => void } {
  const { plugins, ready } = useStore(host.store)
  const catalog = useQuery(catalogKey, pluginsApi.catalog)
  const themes = useMemo(
    () =>
      (catalog.data ?? [])
        .filter(({ id }) => !plugins.some((plugin) => plugin.id === id))
        .flatMap((plugin) => themesOfPlugin(plugin, 'catalog')),
    [catalog.data, plugins],
  )
  return { ...catalog, data: catalog.data && ready ? themes : undefined }
}
