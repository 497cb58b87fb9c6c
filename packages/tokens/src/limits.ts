/** How far a theme may go with each role, so that no value hides or covers what a person must see. */
import type { Dimension, Token } from './types.ts'

interface Limit {
  readonly prefix: string
  /** In px, ms or plain numbers. */
  readonly min: number
  readonly max: number
}

/** Ranges by path prefix, the first that fits. `rem` and `em` count as 16 px. */
export const roleLimits: readonly Limit[] = [
  { prefix: 'font.size.', min: 10, max: 48 },
  { prefix: 'font.weight.', min: 200, max: 900 },
  { prefix: 'font.lineHeight.', min: 1, max: 2.4 },
  { prefix: 'space.', min: 0, max: 96 },
  { prefix: 'radius.', min: 0, max: 9999 },
  { prefix: 'size.icon', min: 10, max: 40 },
  { prefix: 'size.', min: 20, max: 80 },
  { prefix: 'duration.', min: 0, max: 1000 },
  { prefix: 'shadow.', min: -80, max: 80 },
]

/** Why a theme's token cannot stand in for the base token of its path, or undefined when it can. */
export function limitOf(token: Token, base: Token): string | undefined {
  if (token.type !== base.type) return `The base set has a ${base.type} here, not a ${token.type}.`
  if (token.type === 'color') {
    const translucent = token.value.alpha < 1 && !token.path.startsWith('color.border.')
    return translucent ? 'Only borders may be translucent.' : undefined
  }
  const limit = roleLimits.find(({ prefix }) => token.path.startsWith(prefix))
  if (!limit) return undefined
  const fits = amounts(token).every((amount) => amount >= limit.min && amount <= limit.max)
  return fits ? undefined : `Outside ${limit.min} to ${limit.max}.`
}

function amounts(token: Token): readonly number[] {
  switch (token.type) {
    case 'dimension':
      return [pixels(token.value)]
    case 'number':
    case 'fontWeight':
      return [token.value]
    case 'duration':
      return [token.value.value * (token.value.unit === 's' ? 1000 : 1)]
    case 'shadow':
      return token.value.flatMap(({ offsetX, offsetY, blur, spread }) =>
        [offsetX, offsetY, blur, spread].map(pixels),
      )
    default:
      return []
  }
}

function pixels({ value, unit }: Dimension): number {
  return unit === 'px' ? value : value * 16
}
