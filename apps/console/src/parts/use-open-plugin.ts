import type { PluginSection } from '@mortise/react/host'
import { useCallback } from 'react'
import { useLocation } from 'wouter'
import { pluginPath } from './plugin-path.ts'

/** Opens a part of a plugin's page, from the menu of one of its widgets. */
export function useOpenPlugin(): (plugin: string, section: PluginSection) => void {
  const [, navigate] = useLocation()
  return useCallback((plugin, section) => navigate(pluginPath(plugin, section)), [navigate])
}
