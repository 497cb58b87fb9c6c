/** Ways to call the same function: peers from npm, the wire with nothing checked, and ours. */
export const sides = ['comlink', 'penpal', 'threads', 'unchecked', 'guarded', 'recorded'] as const

export type Side = (typeof sides)[number]

export interface BenchSettings {
  readonly rounds: number
  /** Calls of one sequential round. */
  readonly sequential: number
  /** How often a round sends its 1000 calls at once. */
  readonly bursts: number
}
