import { describe, expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import { checkTheme } from '../src/gate/index.ts'
import { composeTheme } from '../src/index.ts'
import { repairTheme } from '../src/repair/index.ts'
import { hastyTheme, seeded, wildTheme } from './random-theme.ts'

const seed = Number(process.env.MORTISE_SEED ?? 20_251)

function repairMany(make: typeof hastyTheme, count: number) {
  const random = seeded(seed)
  const deltas: number[] = []
  let failing = 0
  let left = 0
  for (let i = 0; i < count; i++) {
    const { before, after, repairs } = repairTheme(baseSource, make(random))
    failing += before.failures.length
    left += after.failures.length
    deltas.push(...repairs.map(({ deltaE }) => deltaE))
  }
  deltas.sort((a, b) => a - b)
  const median = deltas[deltas.length >> 1] ?? 0
  const high = deltas[Math.floor(deltas.length * 0.95)] ?? 0
  const share = 1 - left / failing
  console.info(
    `repair (seed ${seed}): ${count} themes, ${failing} failing pairs, ${(share * 100).toFixed(2)} % repaired, ` +
      `ΔE median ${median.toFixed(3)}, 95th ${high.toFixed(3)}`,
  )
  return { failing, share, median }
}

describe('repair of random themes', () => {
  it('repairs at least 99 % of the failing pairs of hasty themes with a median ΔE of at most 0.1', () => {
    const { failing, share, median } = repairMany(hastyTheme, 60)
    expect(failing).toBeGreaterThan(1_000)
    expect(share).toBeGreaterThanOrEqual(0.99)
    expect(median).toBeLessThanOrEqual(0.1)
  }, 120_000)

  it('repairs at least 99 % of the failing pairs where every color is any color', () => {
    const { failing, share } = repairMany(wildTheme, 30)
    expect(failing).toBeGreaterThan(1_000)
    expect(share).toBeGreaterThanOrEqual(0.99)
  }, 120_000)
})

describe('the gate', () => {
  it('lets the base set through in every permutation', () => {
    const report = checkTheme(composeTheme(baseSource))
    expect(report.failures).toEqual([])
    expect(report).toMatchObject({ passes: true, permutations: 16 })
  })
})
