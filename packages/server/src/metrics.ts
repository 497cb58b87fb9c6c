/** Counters of the backend, printed in the Prometheus text form. */
export class Metrics {
  readonly #counters = new Map<string, number>()
  readonly #gauges = new Map<string, () => number>()

  /** Adds one to a counter. Labels are known names, never free text of a plugin. */
  count(name: string, labels: Readonly<Record<string, string>> = {}): void {
    const key = `${name}${printLabels(labels)}`
    this.#counters.set(key, (this.#counters.get(key) ?? 0) + 1)
  }

  /** Reads a value when metrics are asked for. */
  gauge(name: string, read: () => number): void {
    this.#gauges.set(name, read)
  }

  print(): string {
    const lines: string[] = []
    const typed = new Set<string>()
    for (const [key, value] of [...this.#counters].sort()) {
      const name = key.split('{', 1)[0]!
      if (!typed.has(name)) lines.push(`# TYPE ${name} counter`)
      typed.add(name)
      lines.push(`${key} ${value}`)
    }
    for (const [name, read] of this.#gauges) lines.push(`# TYPE ${name} gauge`, `${name} ${read()}`)
    return `${lines.join('\n')}\n`
  }
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}
