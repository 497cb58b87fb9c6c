/** How long a plugin must run without a strike before it is trusted again, in milliseconds. */
const calmMs = 10 * 60_000

/** Plugins whose last strike is not long ago, by id: one that is loaded anew is still the one that struck. */
export class Suspects {
  readonly #struckAt = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  add(plugin: string): void {
    for (const id of this.#struckAt.keys()) if (!this.has(id)) this.#struckAt.delete(id)
    this.#struckAt.set(plugin, this.#now())
  }

  has(plugin: string): boolean {
    return this.#now() - (this.#struckAt.get(plugin) ?? Number.NEGATIVE_INFINITY) < calmMs
  }
}
