import type { TokenSource } from '../src/index.ts'
import { baseTokenPaths } from '../src/token-var.ts'

/** Numbers from 0 to 1 that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const colorPaths = baseTokenPaths.filter((path) => path.startsWith('color.'))

/** A theme as a hasty designer makes it: surfaces of one kind, everything else near where it belongs, any hue. */
export function hastyTheme(random: () => number): TokenSource {
  const dark = random() < 0.5
  const hue = random() * 360
  const lightness = (path: string): number => {
    const spread = (random() - 0.5) * 0.3
    if (/\.surface\.|\.soft$/.test(path)) return dark ? 0.12 + random() * 0.2 : 0.86 + random() * 0.14
    if (path.endsWith('onAccent')) return random() < 0.7 ? 1 - random() * 0.1 : random() * 0.25
    if (/\.text\b|\.strong|\.focus|chart/.test(path)) return (dark ? 0.76 : 0.46) + spread
    if (path.includes('border')) return (dark ? 0.4 : 0.82) + spread
    return 0.56 + spread
  }
  return themeOf((path) => [
    lightness(path),
    random() * (path.includes('surface') ? 0.05 : 0.24),
    near(hue, random),
  ])
}

/** A theme where every color is any color. */
export function wildTheme(random: () => number): TokenSource {
  return themeOf(() => [random(), random() * 0.3, random() * 360])
}

function near(hue: number, random: () => number): number {
  return (hue + (random() < 0.5 ? random() * 40 : random() * 360)) % 360
}

function themeOf(color: (path: string) => readonly number[]): TokenSource {
  const document: Record<string, unknown> = {}
  for (const path of colorPaths) {
    let at = document
    for (const name of path.split('.')) {
      at[name] ??= {}
      at = at[name] as Record<string, unknown>
    }
    at.$type = 'color'
    at.$value = { colorSpace: 'oklch', components: color(path).map((part) => Number(part.toFixed(4))) }
  }
  return { document, file: 'random.tokens.json' }
}
