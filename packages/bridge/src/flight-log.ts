/**
 * How recorded calls are laid out and chained. A block holds the calls of a
 * short while and the digest of the block before it, so that no call can be
 * changed, left out, added or moved without every later digest changing.
 */

/** Hosts a plugin contacted, or tried to, as whoever watches the network told. */
export interface RecordedContact {
  readonly host: string
  /** Whose code asked: that in the browser, or that on the server. */
  readonly side: 'page' | 'server'
  readonly times: number
}

/** One call a plugin made, or contacts of one host within a short while. */
export interface CallRecord {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly plugin: string
  /** Wire name such as `sessions.list`, `''` for contacts and where no domain has the method that was named. */
  readonly method: string
  /** Permission the method needs, `null` where none. */
  readonly permission: string | null
  /** Bytes of the arguments, as the guard estimates them; of contacts those of all bodies, 0 where nobody can tell. */
  readonly bytes: number
  /** 0 for contacts. */
  readonly durationMs: number
  /** `OK` or the code of the error. */
  readonly outcome: string
  /** Only of contacts. */
  readonly contact?: RecordedContact
}

export interface LogBlock {
  /** Number of the block's first call, counted from the start of the page. */
  readonly first: number
  readonly records: readonly CallRecord[]
  /** SHA-256 over the digest before and the records, as hexadecimal text. */
  readonly digest: string
}

/** A copy of the log, made of plain data, to keep or to send somewhere. */
export interface FlightLog {
  /** Digest of the last block that is no longer kept, zeros where all are. */
  readonly anchor: string
  /** Digest of the newest block. Kept elsewhere, it proves the log up to there. */
  readonly head: string
  readonly blocks: readonly LogBlock[]
}

/** A block as it is kept in memory and hashed. */
export interface PackedBlock {
  readonly first: number
  readonly count: number
  /** Every name of the block, in the order in which they first come. */
  readonly names: readonly (string | null)[]
  /** Fields of all calls, one field after the other. */
  readonly payload: Uint8Array<ArrayBuffer>
  /** By the index of their record: they are few. */
  readonly contacts: readonly (readonly [index: number, contact: RecordedContact])[]
}

export const zeroDigest: Uint8Array<ArrayBuffer> = new Uint8Array(32)

/** Bytes of one call: three numbers and four names. */
const callBytes = 8 + 4 + 4 + 4 * 2

/** Packs calls. `read` is asked for each of them once, in order. */
export function packBlock(first: number, count: number, read: (index: number) => CallRecord): PackedBlock {
  const buffer = new ArrayBuffer(count * callBytes)
  const { at, durationMs, bytes, names: ids } = viewsOf(buffer, count)
  const names: (string | null)[] = []
  const contacts: [number, RecordedContact][] = []
  const known = new Map<string | null, number>()
  const idOf = (name: string | null): number => {
    let id = known.get(name)
    if (id === undefined) {
      id = names.push(name) - 1
      known.set(name, id)
    }
    return id
  }
  for (let index = 0; index < count; index++) {
    const record = read(index)
    at[index] = record.at
    durationMs[index] = record.durationMs
    bytes[index] = record.bytes
    ids[index * 4] = idOf(record.plugin)
    ids[index * 4 + 1] = idOf(record.method)
    ids[index * 4 + 2] = idOf(record.permission)
    ids[index * 4 + 3] = idOf(record.outcome)
    if (record.contact) {
      const { host, side, times } = record.contact
      contacts.push([index, { host, side, times }])
    }
  }
  return { first, count, names, payload: new Uint8Array(buffer), contacts }
}

export function unpackBlock({ count, names, payload, contacts }: PackedBlock): CallRecord[] {
  const { at, durationMs, bytes, names: ids } = viewsOf(payload.buffer, count)
  const noted = new Map(contacts)
  const text = (index: number) => names[ids[index]!] ?? ''
  return Array.from({ length: count }, (_, index) => {
    const contact = noted.get(index)
    return {
      at: at[index]!,
      plugin: text(index * 4),
      method: text(index * 4 + 1),
      permission: names[ids[index * 4 + 2]!] ?? null,
      bytes: bytes[index]!,
      durationMs: durationMs[index]!,
      outcome: text(index * 4 + 3),
      ...(contact && { contact }),
    }
  })
}

/** Digest of a block that follows another. */
export async function digestBlock(
  before: Uint8Array<ArrayBuffer>,
  { first, names, payload, contacts }: PackedBlock,
): Promise<Uint8Array<ArrayBuffer>> {
  const head = new TextEncoder().encode(JSON.stringify([first, names, contacts]))
  const input = new Uint8Array(before.length + head.length + payload.length)
  input.set(before)
  input.set(head, before.length)
  input.set(payload, before.length + head.length)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', input))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function viewsOf(buffer: ArrayBuffer, count: number) {
  return {
    at: new Float64Array(buffer, 0, count),
    durationMs: new Float32Array(buffer, 8 * count, count),
    bytes: new Uint32Array(buffer, 12 * count, count),
    names: new Uint16Array(buffer, 16 * count, 4 * count),
  }
}
