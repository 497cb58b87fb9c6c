import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import {
  type CounterName,
  type HistogramName,
  type MetricLabels,
  metricTable,
  type ReadName,
} from './metric-table.ts'

/** What is read when somebody asks: one value for each set of labels. */
type Readings<Name extends ReadName> = Iterable<readonly [labels: MetricLabels<Name>, value: number]>

let processRegistry: Registry | undefined

/** Event-loop lag, garbage collection, memory and handles: one registry for all servers of the process. */
function ofProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry()
    collectDefaultMetrics({ register: processRegistry })
  }
  return processRegistry
}

/** The metrics of one backend, printed in the Prometheus text form. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #metrics = new Map<string, Counter | Gauge | Histogram>()
  readonly #readers: (() => Promise<void> | void)[] = []
  readonly #isInstalled: (plugin: string) => boolean

  /** @param isInstalled - Plugins that are not get no series, so that their number stays that of the installed ones. */
  constructor(isInstalled: (plugin: string) => boolean) {
    this.#isInstalled = isInstalled
    ofProcess()
    for (const [name, { type, ...definition }] of Object.entries(metricTable)) {
      const options = { name, ...definition, labelNames: [...definition.labels], registers: [this.#registry] }
      if (type === 'counter') this.#metrics.set(name, new Counter(options))
      else if (type === 'gauge') this.#metrics.set(name, new Gauge(options))
      else {
        const buckets = 'buckets' in definition ? [...definition.buckets] : []
        this.#metrics.set(name, new Histogram({ ...options, buckets }))
      }
    }
  }

  count<Name extends CounterName>(name: Name, labels: MetricLabels<Name>): void {
    if (this.#mayCount(labels)) (this.#metrics.get(name) as Counter).inc({ ...labels })
  }

  observe<Name extends HistogramName>(name: Name, labels: MetricLabels<Name>, seconds: number): void {
    if (this.#mayCount(labels)) (this.#metrics.get(name) as Histogram).observe({ ...labels }, seconds)
  }

  /** Reads values when metrics are asked for. */
  read<Name extends ReadName>(name: Name, read: () => Readings<Name> | Promise<Readings<Name>>): void {
    const metric = this.#metrics.get(name) as Counter | Gauge
    this.#readers.push(async () => {
      const readings = await read()
      metric.reset()
      for (const [labels, value] of readings) {
        if (this.#mayCount(labels)) metric.inc({ ...labels }, Math.max(0, value))
      }
    })
  }

  /** Drops the series of a plugin that is no more. */
  async forget(plugin: string): Promise<void> {
    for (const metric of this.#metrics.values()) {
      const { values } = await metric.get()
      for (const { labels } of values) {
        if (!('plugin' in labels) || labels.plugin !== plugin) continue
        const { le: _, ...own } = labels as Record<string, string | number>
        metric.remove(own)
      }
    }
  }

  /** The text that Prometheus reads. */
  async print(): Promise<string> {
    for (const read of this.#readers) await read()
    return Registry.merge([this.#registry, ofProcess()]).metrics()
  }

  #mayCount(labels: Readonly<Record<string, string>>): boolean {
    return labels.plugin === undefined || this.#isInstalled(labels.plugin)
  }
}
