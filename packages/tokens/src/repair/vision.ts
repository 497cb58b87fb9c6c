import { filterDeficiencyDeuter, filterDeficiencyProt, filterDeficiencyTrit } from 'culori'
import { deltaE, fromLibrary, toLibrary } from '../color/convert.ts'
import { toSrgb } from '../contrast.ts'
import type { Color, Token } from '../types.ts'

/** Kinds of color blindness: red weak, green weak, blue weak. */
export type ColorVision = 'protan' | 'deutan' | 'tritan'

const filters = {
  protan: filterDeficiencyProt,
  deutan: filterDeficiencyDeuter,
  tritan: filterDeficiencyTrit,
} as const

/**
 * A color as a color-blind person sees it, in sRGB.
 *
 * @param severity - 0 for full vision to 1 for none of the kind.
 */
export function simulateVision(color: Color, kind: ColorVision, severity = 1): Color {
  const [r = 0, g = 0, b = 0] = toSrgb(color) ?? []
  const shown: Color = { space: 'srgb', components: [r, g, b], alpha: color.alpha }
  const seen = filters[kind](severity)(toLibrary(shown))
  const [sr = 0, sg = 0, sb = 0] = toSrgb(fromLibrary(seen) ?? shown) ?? []
  return { space: 'srgb', components: [sr, sg, sb], alpha: color.alpha }
}

/** Two roles that tell things apart by color alone and look alike. */
export interface LookAlike {
  readonly roles: readonly [string, string]
  readonly kind: ColorVision
  /** ΔE OK as seen. */
  readonly deltaE: number
}

/**
 * Chart colors that a color-blind person can hardly tell apart, most alike first.
 *
 * @param least - ΔE OK that counts as different.
 */
export function lookAlikes(tokens: ReadonlyMap<string, Token>, least = 0.05): LookAlike[] {
  const charts = [...tokens.values()].flatMap((token) =>
    token.type === 'color' && token.path.startsWith('color.chart.') ? [token] : [],
  )
  const found: LookAlike[] = []
  for (const kind of ['protan', 'deutan', 'tritan'] as const) {
    const seen = charts.map((token) => ({ path: token.path, color: simulateVision(token.value, kind) }))
    for (const [i, a] of seen.entries()) {
      for (const b of seen.slice(i + 1)) {
        const apart = deltaE(a.color, b.color)
        if (apart < least) found.push({ roles: [a.path, b.path], kind, deltaE: apart })
      }
    }
  }
  return found.toSorted((a, b) => a.deltaE - b.deltaE)
}
