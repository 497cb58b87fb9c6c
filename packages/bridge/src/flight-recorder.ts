import type { ContactNews, NamedMethod } from '@mortise/contract'
import {
  type CallRecord,
  digestBlock,
  type FlightLog,
  type PackedBlock,
  packBlock,
  type RecordedContact,
  toHex,
  unpackBlock,
  zeroDigest,
} from './flight-log.ts'
import type { CallObserver } from './types.ts'
import { HostTally, MethodTally, type PluginUsage } from './usage-tally.ts'
import type { Verdict } from './verify-flight-log.ts'

export interface FlightRecorderOptions {
  /** Every method that exists. Names of others are not kept: a guest makes up as many as it likes. */
  readonly methods: ReadonlyMap<string, NamedMethod>
  /** Calls kept. 32,768 by default, about 800 kB. */
  readonly capacity?: number
  /** Methods that say nothing about a plugin, such as answers to pings. */
  readonly ignore?: ReadonlySet<string>
}

interface SealedBlock extends PackedBlock {
  readonly digest: Promise<Uint8Array<ArrayBuffer>>
}

const blockCalls = 512
const sealMs = 1000
const unknownMethod = 0
const ignored = -1
/** Names of plugins and outcomes kept apart. More share the last. */
const maxNames = 60_000

/**
 * Writes down every call and contact in a bounded log whose blocks are chained by digests.
 * During a call six numbers are stored; packing, counting and hashing come later.
 */
export class FlightRecorder {
  readonly #capacity: number
  readonly #plugins = new Names()
  readonly #outcomes = new Names()
  readonly #methodIds = new Map<string, number>()
  readonly #methods: readonly { readonly name: string; readonly permission: string | null }[]
  readonly #tallies = new Map<string, Map<string, MethodTally>>()
  readonly #hosts = new Map<string, HostTally>()
  readonly #used = new Map<string, Set<string>>()
  readonly #at = new Float64Array(blockCalls)
  readonly #durationMs = new Float32Array(blockCalls)
  readonly #bytes = new Uint32Array(blockCalls)
  readonly #plugin = new Uint16Array(blockCalls)
  readonly #method = new Uint16Array(blockCalls)
  readonly #outcome = new Uint16Array(blockCalls)
  /** By the index of their record. */
  readonly #contacts = new Map<number, RecordedContact>()
  #blocks: SealedBlock[] = []
  #anchor: Promise<Uint8Array<ArrayBuffer>> = Promise.resolve(zeroDigest)
  #first = 0
  #count = 0
  #kept = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor({ methods, capacity = 32_768, ignore }: FlightRecorderOptions) {
    this.#capacity = capacity
    const known = [...methods.values()].map(({ name, permission }) => ({ name, permission }))
    this.#methods = [{ name: '', permission: null }, ...known]
    for (const [id, { name }] of this.#methods.entries()) this.#methodIds.set(name, id)
    for (const name of ignore ?? []) this.#methodIds.set(name, ignored)
  }

  /** Writes down the calls of one plugin. */
  observe(plugin: string): CallObserver {
    const pluginId = this.#plugins.idOf(plugin)
    return (method, bytes, startedAt, durationMs, outcome) => {
      const methodId = this.#methodIds.get(method) ?? unknownMethod
      if (methodId === ignored) return
      const index = this.#count++
      this.#at[index] = startedAt
      this.#durationMs[index] = durationMs
      this.#bytes[index] = bytes
      this.#plugin[index] = pluginId
      this.#method[index] = methodId
      this.#outcome[index] = outcome === 'OK' ? 0 : this.#outcomes.idOf(outcome) + 1
      if (this.#count === blockCalls) this.#seal()
      else this.#timer ??= setTimeout(() => this.#seal(), sealMs)
    }
  }

  /** Writes down which hosts plugins contacted, or tried to. */
  noteContacts(news: readonly ContactNews[]): void {
    for (const { plugin, host, side, reached, refused, sentBytes, receivedBytes, lastAt } of news) {
      const note = this.observe(plugin)
      const startedAt = Date.parse(lastAt) - performance.timeOrigin
      const write = (times: number, bytes: number, outcome: string) => {
        if (times === 0) return
        // Set first: the record that fills a block seals it.
        this.#contacts.set(this.#count, { host, side, times })
        note('', bytes, startedAt, 0, outcome)
      }
      write(reached, sentBytes + receivedBytes, 'OK')
      write(refused, 0, 'FETCH_HOST_DENIED')
    }
  }

  /** Says that a plugin needed a permission for something else than a call, and had it. */
  use(plugin: string, permission: string): void {
    let used = this.#used.get(plugin)
    if (!used) {
      used = new Set()
      this.#used.set(plugin, used)
    }
    used.add(permission)
  }

  /** Calls still kept, of one plugin or of all, oldest first. */
  records(plugin?: string): readonly CallRecord[] {
    this.#seal()
    const all = this.#blocks.flatMap(unpackBlock)
    return plugin === undefined ? all : all.filter((record) => record.plugin === plugin)
  }

  /** The newest calls and contacts of a plugin, newest first. */
  latest(plugin: string, count: number): readonly CallRecord[] {
    this.#seal()
    const found: CallRecord[] = []
    for (let index = this.#blocks.length - 1; index >= 0 && found.length < count; index--) {
      const records = unpackBlock(this.#blocks[index]!).filter((record) => record.plugin === plugin)
      found.push(...records.reverse())
    }
    return found.slice(0, count)
  }

  /** What a plugin did since the page was opened, whether its calls are still kept or not. */
  usage(plugin: string, declared: readonly string[]): PluginUsage {
    this.#seal()
    const methods = [...(this.#tallies.get(plugin)?.values() ?? [])].map(({ usage }) => usage)
    const used = new Set(this.#used.get(plugin))
    let calls = 0
    let bytes = 0
    let errors = 0
    for (const method of methods) {
      const failed = Object.values(method.errors).reduce((sum, count) => sum + count, 0)
      calls += method.calls
      bytes += method.bytes
      errors += failed
      const denied = method.errors.PERMISSION_DENIED ?? 0
      if (method.permission !== null && method.calls > denied) used.add(method.permission)
    }
    return {
      calls,
      bytes,
      errors,
      methods: methods.sort((a, b) => b.calls - a.calls),
      hosts: this.#hosts.get(plugin)?.usage ?? [],
      used: declared.filter((permission) => used.has(permission)),
      unused: declared.filter((permission) => !used.has(permission)),
    }
  }

  /** A copy of the log up to now. */
  async export(): Promise<FlightLog> {
    this.#seal()
    const blocks = this.#blocks
    const anchor = toHex(await this.#anchor)
    const copies = await Promise.all(
      blocks.map(async (block) => ({
        first: block.first,
        records: unpackBlock(block),
        digest: toHex(await block.digest),
      })),
    )
    return { anchor, head: copies.at(-1)?.digest ?? anchor, blocks: copies }
  }

  /** Checks the log as it is kept. */
  async verify(head?: string): Promise<Verdict> {
    // Few pages ever ask.
    const { verifyFlightLog } = await import('./verify-flight-log.ts')
    return verifyFlightLog(await this.export(), head)
  }

  #seal(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#count === 0) return
    const count = this.#count
    this.#count = 0
    const packed = packBlock(this.#first, count, (index) => {
      const record = this.#read(index)
      this.#tally(record)
      return record
    })
    this.#contacts.clear()
    this.#first += count
    this.#kept += count
    const before = this.#blocks.at(-1)?.digest ?? this.#anchor
    this.#blocks = [...this.#blocks, { ...packed, digest: digestAfter(before, packed) }]
    while (this.#kept > this.#capacity && this.#blocks.length > 1) {
      const [oldest] = this.#blocks
      this.#blocks = this.#blocks.slice(1)
      this.#kept -= oldest!.count
      this.#anchor = oldest!.digest
    }
  }

  #read(index: number): CallRecord {
    const { name, permission } = this.#methods[this.#method[index]!]!
    const outcome = this.#outcome[index]!
    const contact = this.#contacts.get(index)
    return {
      at: performance.timeOrigin + this.#at[index]!,
      plugin: this.#plugins.at(this.#plugin[index]!),
      method: name,
      permission,
      bytes: this.#bytes[index]!,
      durationMs: this.#durationMs[index]!,
      outcome: outcome === 0 ? 'OK' : this.#outcomes.at(outcome - 1),
      ...(contact && { contact }),
    }
  }

  #tally(record: CallRecord): void {
    if (record.contact) {
      let hosts = this.#hosts.get(record.plugin)
      if (!hosts) {
        hosts = new HostTally()
        this.#hosts.set(record.plugin, hosts)
      }
      hosts.add(record, record.contact)
      return
    }
    let methods = this.#tallies.get(record.plugin)
    if (!methods) {
      methods = new Map()
      this.#tallies.set(record.plugin, methods)
    }
    let tally = methods.get(record.method)
    if (!tally) {
      tally = new MethodTally(record)
      methods.set(record.method, tally)
    }
    tally.add(record)
  }
}

/** Numbers for names, given in the order in which they first come. */
class Names {
  readonly #names: string[] = []
  readonly #ids = new Map<string, number>()

  idOf(name: string): number {
    let id = this.#ids.get(name)
    if (id === undefined) {
      if (this.#names.length >= maxNames) return maxNames - 1
      id = this.#names.push(name) - 1
      this.#ids.set(name, id)
    }
    return id
  }

  at(id: number): string {
    return this.#names[id] ?? ''
  }
}

/** Without a secure context there are no digests, and `verify` says so. */
async function digestAfter(
  before: Promise<Uint8Array<ArrayBuffer>>,
  block: PackedBlock,
): Promise<Uint8Array<ArrayBuffer>> {
  const digest = await before
  return globalThis.crypto?.subtle ? digestBlock(digest, block) : zeroDigest
}
