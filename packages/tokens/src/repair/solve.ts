/**
 * Finds, for the colors of one permutation, the nearest colors whose pairs all pass.
 *
 * Only lightness is searched, hue and chroma follow within the gamut: contrast
 * is all but a function of lightness, so the nearest passing color lies along it.
 */
import { deltaE, flatten, type Lch, lchOf, oklch } from '../color/convert.ts'
import { luminance, toSrgb } from '../contrast.ts'
import { lightnessContrast, screenLuminance } from '../gate/apca.ts'
import { type ContrastLevel, limitsOf, type PairLimits } from '../gate/check-theme.ts'
import { type ContrastPair, contrastPairs } from '../gate/pairs.ts'
import type { Color } from '../types.ts'

interface Shade {
  readonly color: Color
  readonly deltaE: number
  readonly wcag: number
  readonly apca: number
}

interface Limited extends ContrastPair {
  readonly limits: PairLimits
}

interface Plan {
  readonly shades: ReadonlyMap<string, Shade>
  readonly failing: number
  readonly cost: number
}

type Test = (shade: Shade) => boolean

const steps = 50
const black: Color = { space: 'oklch', components: [0, 0, 0], alpha: 1 }
const white: Color = { space: 'oklch', components: [1, 0, 0], alpha: 1 }

/**
 * The colors to change, by role; a role not in the result stays.
 *
 * @param mayChange - Whether a role may be changed at all.
 */
export function solve(
  colors: ReadonlyMap<string, Color>,
  level: ContrastLevel,
  mayChange: (role: string) => boolean = () => true,
): ReadonlyMap<string, Color> {
  const pairs = contrastPairs.map((pair): Limited => ({ ...pair, limits: limitsOf(pair, level) }))
  const byForeground = Map.groupBy(pairs, ({ foreground }) => foreground)
  const byBackground = Map.groupBy(pairs, ({ background }) => background)
  const originals = new Map([...colors].map(([path, color]) => [path, shadeOf(color, color)]))
  const lchs = new Map<string, Lch>()
  const ladders = new Map<string, readonly Shade[]>()
  const grounds = new Set(byForeground.get('color.text.default')?.map(({ background }) => background))
  const solids = (byForeground.get('color.text.onAccent') ?? []).map(({ background }) => background)
  const blackest = shadeOf(black, black)
  const whitest = shadeOf(white, white)

  const plans: Plan[] = [plan(undefined, 1)]
  for (const headroom of [1, 1.3, 1.8]) {
    for (const extreme of [blackest, whitest]) plans.push(plan(extreme, headroom))
  }
  const best = plans.reduce((a, b) => ((b.failing - a.failing || b.cost - a.cost) < 0 ? b : a))
  return new Map(
    [...best.shades].flatMap(([path, shade]) =>
      shade === originals.get(path) ? [] : [[path, shade.color] as const],
    ),
  )

  /** @param extreme - The color that must be readable on every ground, undefined where grounds stay. */
  function plan(extreme: Shade | undefined, headroom: number): Plan {
    const now = new Map(originals)
    if (extreme) {
      for (const path of grounds) {
        const over = byBackground.get(path) ?? []
        settle(now, path, (shade) => over.every(({ limits }) => clears(extreme, shade, limits, headroom)))
      }
    }
    settleSolids(now)
    for (const path of byForeground.keys()) {
      if (!solids.includes(path) && path !== 'color.text.onAccent') settle(now, path, overGrounds(now, path))
    }
    let failing = 0
    for (const { foreground, background, limits } of pairs) {
      const [front, back] = [now.get(foreground), now.get(background)]
      if (!front || !back || !passes(front, back, limits)) failing++
    }
    const cost = [...now.values()].reduce((sum, shade) => sum + shade.deltaE, 0)
    return { shades: now, failing, cost }
  }

  /** What is on solid color and the solids themselves depend on each other: every likely text color is tried. */
  function settleSolids(now: Map<string, Shade>): void {
    const path = 'color.text.onAccent'
    const mine = originals.get(path)
    if (!mine) return
    const over = byForeground.get(path)!
    let best: { cost: number; shades: [string, Shade][] } | undefined
    for (const text of mayChange(path) ? [mine, ...ladder(path)] : [mine]) {
      const shades: [string, Shade][] = [[path, text]]
      let cost = text.deltaE
      for (const { background, limits } of over) {
        const alone = overGrounds(now, background)
        const found = nearest(background, (shade) => passes(text, shade, limits) && alone(shade))
        cost += found ? found.deltaE : 10
        if (found) shades.push([background, found])
      }
      if (!best || cost < best.cost) best = { cost, shades }
    }
    for (const [name, shade] of best?.shades ?? []) now.set(name, shade)
  }

  function overGrounds(now: ReadonlyMap<string, Shade>, path: string): Test {
    const under = (byForeground.get(path) ?? []).flatMap(({ background, limits }) => {
      const back = now.get(background)
      return back ? [{ back, limits }] : []
    })
    return (shade) => under.every(({ back, limits }) => passes(shade, back, limits))
  }

  function settle(now: Map<string, Shade>, path: string, test: Test): void {
    const found = nearest(path, test)
    if (found) now.set(path, found)
  }

  /** The nearest shade of a role that passes, itself where it does. */
  function nearest(path: string, test: Test): Shade | undefined {
    const mine = originals.get(path)
    if (!mine || test(mine)) return mine
    if (!mayChange(path)) return undefined
    const shades = ladder(path)
    const start = lch(path).l * steps
    const up = firstPassing(shades, Math.ceil(start), 1, test)
    const down = firstPassing(shades, Math.floor(start), -1, test)
    const refined = [refine(path, up, -1, test), refine(path, down, 1, test)].filter(
      (shade) => shade !== undefined,
    )
    return refined.toSorted((a, b) => a.deltaE - b.deltaE)[0]
  }

  /** Goes from a passing rung back towards the failing one before it. */
  function refine(path: string, rung: number | undefined, back: 1 | -1, test: Test): Shade | undefined {
    if (rung === undefined) return undefined
    let good = rung / steps
    let bad = (rung + back) / steps
    let best = ladder(path)[rung]
    for (let i = 0; i < 7; i++) {
      const middle = (good + bad) / 2
      const shade = at(path, middle)
      if (test(shade)) {
        good = middle
        best = shade
      } else bad = middle
    }
    return best
  }

  function ladder(path: string): readonly Shade[] {
    const known = ladders.get(path)
    if (known) return known
    const made = Array.from({ length: steps + 1 }, (_, i) => at(path, i / steps))
    ladders.set(path, made)
    return made
  }

  function lch(path: string): Lch {
    const known = lchs.get(path)
    if (known) return known
    const made = lchOf(colors.get(path)!)
    lchs.set(path, made)
    return made
  }

  function at(path: string, l: number): Shade {
    const color = colors.get(path)!
    return shadeOf(oklch({ ...lch(path), l }, color.alpha), color)
  }
}

function firstPassing(shades: readonly Shade[], from: number, step: 1 | -1, test: Test): number | undefined {
  for (let i = from; i >= 0 && i <= steps; i += step) if (test(shades[i]!)) return i
  return undefined
}

function shadeOf(color: Color, original: Color): Shade {
  return { color, deltaE: color === original ? 0 : deltaE(color, original), ...measure(color) }
}

function measure(color: Color): { readonly wcag: number; readonly apca: number } {
  const rgb = toSrgb(color)
  return { wcag: luminance(color), apca: rgb ? screenLuminance(rgb) : Number.NaN }
}

function passes(front: Shade, back: Shade, limits: PairLimits): boolean {
  return clears(front, back, limits, 1)
}

function clears(front: Shade, back: Shade, { ratio, lightness }: PairLimits, headroom: number): boolean {
  const seen = front.color.alpha < 1 ? measure(flatten(front.color, back.color)) : front
  const high = Math.max(seen.wcag, back.wcag) + 0.05
  const low = Math.min(seen.wcag, back.wcag) + 0.05
  // Rounding happens once more when the color is printed.
  if (!(high / low >= ratio * headroom * 1.0005)) return false
  return (
    Math.abs(lightnessContrast(seen.apca, back.apca)) >= Math.min(lightness * headroom, 104) + 0.05 ||
    lightness === 0
  )
}
