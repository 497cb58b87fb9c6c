import type { CallRecord, RecordedContact } from './flight-log.ts'

/** What a plugin did with one method. */
export interface MethodUsage {
  /** Wire name, `''` for methods that do not exist. */
  readonly method: string
  readonly permission: string | null
  readonly calls: number
  readonly bytes: number
  readonly errors: Readonly<Record<string, number>>
  /** Milliseconds half of the calls took at most; within 10 % of the true value. */
  readonly p50: number
  /** Milliseconds 95 % of the calls took at most; within 10 % of the true value. */
  readonly p95: number
  /** Milliseconds since 1970. */
  readonly lastAt: number
}

/** What was seen of a plugin and one host. */
export interface HostUsage {
  readonly host: string
  readonly side: RecordedContact['side']
  readonly reached: number
  readonly refused: number
  /** Of bodies, 0 where nobody can tell. */
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly lastAt: number
}

/** What a plugin did since the page was opened. */
export interface PluginUsage {
  readonly calls: number
  readonly bytes: number
  readonly errors: number
  /** Most called first. */
  readonly methods: readonly MethodUsage[]
  /** Hosts it contacted or tried to, in this page and elsewhere, the latest first. */
  readonly hosts: readonly HostUsage[]
  /** Declared permissions that some call or event has needed and had. */
  readonly used: readonly string[]
  /** Declared permissions that nothing has needed so far. */
  readonly unused: readonly string[]
}

/** Four buckets for each doubling from 1 µs on. */
const bucketsPerDoubling = 4
const buckets = 120
const firstBucketMs = 0.001
/** As many as the server tells apart. */
const maxHosts = 1100

/** Counts of one plugin and one method. */
export class MethodTally {
  readonly #method: string
  readonly #permission: string | null
  readonly #durations = new Uint32Array(buckets)
  readonly #errors = new Map<string, number>()
  #calls = 0
  #bytes = 0
  #lastAt = 0

  constructor({ method, permission }: CallRecord) {
    this.#method = method
    this.#permission = permission
  }

  add({ at, bytes, durationMs, outcome }: CallRecord): void {
    this.#calls++
    this.#bytes += bytes
    this.#lastAt = at
    if (outcome !== 'OK') this.#errors.set(outcome, (this.#errors.get(outcome) ?? 0) + 1)
    const bucket = Math.floor(
      Math.log2(Math.max(durationMs, firstBucketMs) / firstBucketMs) * bucketsPerDoubling,
    )
    const index = Math.min(bucket, buckets - 1)
    this.#durations[index] = this.#durations[index]! + 1
  }

  get usage(): MethodUsage {
    return {
      method: this.#method,
      permission: this.#permission,
      calls: this.#calls,
      bytes: this.#bytes,
      errors: Object.fromEntries(this.#errors),
      p50: this.#quantile(0.5),
      p95: this.#quantile(0.95),
      lastAt: this.#lastAt,
    }
  }

  #quantile(share: number): number {
    let left = Math.ceil(this.#calls * share)
    for (const [index, count] of this.#durations.entries()) {
      left -= count
      if (left <= 0) return firstBucketMs * 2 ** ((index + 0.5) / bucketsPerDoubling)
    }
    return 0
  }
}

/** Hosts of one plugin, told apart while there is room. */
export class HostTally {
  readonly #hosts = new Map<string, HostUsage>()

  add({ at, bytes, outcome }: CallRecord, { host, side, times }: RecordedContact): void {
    const key = `${side} ${host}`
    const before = this.#hosts.get(key)
    if (!before && this.#hosts.size >= maxHosts) return
    const reached = outcome === 'OK' ? times : 0
    this.#hosts.delete(key)
    this.#hosts.set(key, {
      host,
      side,
      reached: (before?.reached ?? 0) + reached,
      refused: (before?.refused ?? 0) + times - reached,
      bytes: (before?.bytes ?? 0) + bytes,
      lastAt: at,
    })
  }

  get usage(): HostUsage[] {
    return [...this.#hosts.values()].reverse()
  }
}
