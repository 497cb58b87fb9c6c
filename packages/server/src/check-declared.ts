import { handlerName, type Manifest, MortiseError, matchesEventType } from '@mortise/contract'
import type { LoadedPlugin } from '@mortise/isolate'

/**
 * Compares what a plugin's code says about itself with its manifest, which is
 * what a person approved. What the code does not say is not compared.
 *
 * @throws `PLUGIN_MANIFEST_MISMATCH` with one issue for each difference.
 */
export function checkDeclared(
  loaded: Pick<LoadedPlugin, 'id' | 'declared' | 'handlers' | 'subscriptions'>,
  manifest: Manifest,
): void {
  const { name, version, permissions = [] } = loaded.declared
  const problems: string[] = []
  if (name !== undefined && name !== manifest.name && name !== manifest.displayName) {
    problems.push(`its code calls itself '${name}', its manifest '${manifest.name}'`)
  }
  if (version !== undefined && version !== manifest.version) {
    problems.push(`its code is version ${version}, its manifest ${manifest.version}`)
  }
  const unasked = permissions.filter((permission) => !manifest.permissions.includes(permission))
  if (unasked.length > 0)
    problems.push(`its code wants ${unasked.join(', ')}, which its manifest does not ask for`)
  const unnamed = unnamedSubscriptions(loaded, manifest.subscriptions)
  if (unnamed.length > 0)
    problems.push(`it listens to ${unnamed.join(', ')}, which its manifest does not name`)
  if (problems.length === 0) return
  throw new MortiseError(
    'PLUGIN_MANIFEST_MISMATCH',
    `${loaded.id} was not started: ${problems.join('; ')}. Correct the code or the manifest, and install it again.`,
    { source: 'plugin' },
  )
}

/** Event types and handlers that none of the manifest's subscriptions covers. */
function unnamedSubscriptions(
  { handlers, subscriptions }: Pick<LoadedPlugin, 'handlers' | 'subscriptions'>,
  named: readonly string[] | undefined,
): string[] {
  if (named === undefined) return []
  const coversHandler = (handler: string) =>
    named.some((type) => {
      if (type === '*') return true
      if (type.endsWith('.*')) return handler.startsWith(handlerName(type.slice(0, -2)))
      return handlerName(type) === handler
    })
  const covers = (type: string) => named.some((own) => own === type || matchesEventType(own, type))
  return [
    ...handlers.filter((handler) => !coversHandler(handler)),
    ...subscriptions.filter((type) => !covers(type)),
  ]
}
