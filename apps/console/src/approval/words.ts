import type { PluginRecord, Risk } from '@mortise/contract'

/** What the approval sheet's button does, as its label. */
export function approvalLabel(allowed: number, asked: number, fresh: boolean): string {
  const verb = fresh ? 'Install' : 'Approve'
  if (asked === 0) return fresh ? 'Install' : 'Approve'
  if (allowed === 0) return `${verb} without permissions`
  if (allowed < asked) return `${verb} with ${allowed} of ${asked} permissions`
  return asked === 1 ? `${verb} with 1 permission` : `${verb} with all ${asked} permissions`
}

const order: readonly Risk[] = ['low', 'medium', 'high']

/** The highest risk among permissions, `undefined` where there are none. */
export function highestRisk(permissions: readonly { readonly risk: Risk }[]): Risk | undefined {
  return permissions.reduce<Risk | undefined>(
    (highest, { risk }) =>
      highest === undefined || order.indexOf(risk) > order.indexOf(highest) ? risk : highest,
    undefined,
  )
}

/** Where a plugin's code runs, as a sentence. */
export function whereItRuns(plugin: Pick<PluginRecord, 'ui' | 'hasServerCode' | 'themes'>): string {
  const places = [
    plugin.ui?.surface === 'worker' && 'in a sandboxed worker, drawn with this console’s own components',
    plugin.ui?.surface === 'frame' && 'in a sandboxed frame on its own host name',
    plugin.hasServerCode && 'in an isolate on the server',
  ].filter((place) => typeof place === 'string')
  if (places.length > 0) return `Runs ${places.join(', and ')}.`
  return plugin.themes.length > 0 ? 'Is data only: no code of it runs.' : 'Runs no code.'
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words)
}
