import type { ThemeContext } from '../theme.ts'

/** Permutations in words, such as `dark, more contrast`: axes beside mode and contrast only where one value of them is meant. */
export function describeContexts(contexts: readonly ThemeContext[]): string {
  const colors = [
    ...new Set(contexts.map(({ mode, contrast }) => (contrast === 'more' ? `${mode}, more contrast` : mode))),
  ]
  const only = (['density', 'direction', 'brand'] as const).flatMap((axis) => {
    const values = new Set(contexts.map((context) => context[axis]))
    const [value] = values
    const usual = axis === 'brand' ? '' : axis === 'density' ? 'cosy' : 'ltr'
    return values.size === 1 && value !== undefined && value !== usual ? [value] : []
  })
  return [colors.join('; '), ...only].join(', ')
}
