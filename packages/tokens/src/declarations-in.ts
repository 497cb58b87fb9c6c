import type { ThemeRule } from '@mortise/contract'

/** What the rules of `themeRules` say in one context, each property once. */
export function declarationsIn(
  rules: readonly ThemeRule[],
  context: Readonly<Record<string, string>>,
): Map<string, string> {
  const declared = new Map<string, string>()
  for (const { when, declarations } of rules) {
    if (!Object.entries(when).every(([axis, value]) => context[axis] === value)) continue
    for (const [name, value] of declarations) declared.set(name, value)
  }
  return declared
}
