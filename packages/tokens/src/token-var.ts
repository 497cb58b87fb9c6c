import { customProperty } from './css.ts'
import { baseTokenPaths, type TokenPath } from './names.ts'

export { baseTokenPaths, type TokenPath }

/** Custom properties of the base set: every `--m-…` name that style sheets may use. */
export const baseTokenNames: readonly string[] = baseTokenPaths.map(customProperty)

/**
 * A token of the base set as CSS, its name checked by the compiler.
 *
 * @example
 * tokenVar('color.text.muted') // 'var(--m-color-text-muted)'
 */
export function tokenVar(path: TokenPath): string {
  return `var(${customProperty(path)})`
}
