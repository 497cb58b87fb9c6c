/**
 * Address of a plugin's page in the console. It is not below `/plugins/<name>/`:
 * those addresses are the plugin's own.
 */
export function pluginPath(id: string, tab?: string): string {
  return tab === undefined ? `/installed/${id}` : `/installed/${id}/${tab}`
}
