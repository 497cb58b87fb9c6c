declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** Name of an installed plugin, unique on a host: `^[a-z][a-z0-9-]{0,62}$`. */
export type PluginId = Branded<'PluginId'>
/** Name of a slot, dotted: `dashboard.main`. */
export type SlotId = Branded<'SlotId'>

export const pluginIdPattern = /^[a-z][a-z0-9-]{0,62}$/

/** Whether a text can name a plugin. The rule also makes it a legal host name label. */
export function isPluginId(text: string): text is PluginId {
  return pluginIdPattern.test(text) && !text.endsWith('-')
}
