import { resolveTokens } from '../src/resolve.ts'
import type { TokenSource } from '../src/types.ts'

/** The text of src/names.ts for a base set. */
export function namesModule(base: TokenSource): string {
  const paths = [...resolveTokens([base]).tokens.keys()]
  return `/** Paths of all tokens of the base set. Written by scripts/write-names.ts. */
export const baseTokenPaths = [
${paths.map((path) => `  '${path}',`).join('\n')}
] as const

/** The path of a token of the base set. */
export type TokenPath = (typeof baseTokenPaths)[number]
`
}
