import { randomBytes } from 'node:crypto'
import type ivm from 'isolated-vm'
import { hashBytes } from './hash-bytes.ts'
import { readUrl } from './read-url.ts'

export interface GuestPowersOptions {
  readonly engine: typeof ivm
  /** Source of the web's part of the guest runtime. */
  readonly web: string
  readonly timeoutMs: number
  /** Counts a message of so many UTF-16 units; false when the sandbox has ended or has to end. */
  isOpen(length: number): boolean
  onMessage(kind: string, id: number, text: string | undefined, bytes: Uint8Array | undefined): void
  /** Asks the host while the isolate waits; answers JSON. */
  askHost(payload: string): Promise<string>
}

/** Longest address with its base and what is put into it, in UTF-16 units. */
const longestUrl = 65_536
/** Bytes that one hash may cover. */
const largestHashed = 1024 * 1024

// Taken before the guest global is deleted, so that plugin code never sees it. The
// Reference behind `requestSync` stays inside this closure.
const bootSource = `
  const start = globalThis.__mortiseStart
  delete globalThis.__mortiseStart
  const ask = $2.applySyncPromise.bind($2, undefined)
  return start({ send: $0, random: $1, hash: $3, webSource: $4, url: $5, requestSync: (payload) => ask([payload]) })
`

/**
 * All that a guest can reach outside its isolate: six functions. They take
 * strings, numbers and bytes, answer strings and bytes, and never throw: an
 * error would carry this process's stack into the guest.
 */
export class GuestPowers {
  readonly #options: GuestPowersOptions

  constructor(options: GuestPowersOptions) {
    this.#options = options
  }

  /** Hands the powers to the guest runtime; answers the function that enters it. */
  async start(context: ivm.Context): Promise<ivm.Reference> {
    const { engine, timeoutMs } = this.#options
    const entry = await context.evalClosure(
      bootSource,
      [
        new engine.Callback((...message: unknown[]) => this.#onSend(message)),
        new engine.Callback((length: unknown) => this.#onRandom(length)),
        new engine.Reference((payload: unknown) => this.#onAsk(payload)),
        new engine.Callback((data: unknown, secret: unknown) => this.#onHash(data, secret)),
        new engine.Callback(() => this.#onWeb()),
        new engine.Callback((...question: unknown[]) => this.#onUrl(question)),
      ],
      { result: { reference: true }, timeout: timeoutMs },
    )
    return entry as ivm.Reference
  }

  /** A message from inside. Nothing about it can be trusted. */
  #onSend([kind, id, payload, bytes]: unknown[]): void {
    try {
      const text = typeof payload === 'string' ? payload : undefined
      if (!this.#options.isOpen(text?.length ?? 0)) return
      if (typeof id !== 'number' || !Number.isSafeInteger(id)) return
      const body = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : undefined
      this.#options.onMessage(String(kind), id, text, body)
    } catch {
      // See above.
    }
  }

  #onRandom(length: unknown): ArrayBuffer {
    const isAllowed = typeof length === 'number' && length >= 0 && length <= 65_536 && this.#options.isOpen(0)
    const bytes = randomBytes(isAllowed ? length : 0)
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  }

  #onHash(data: unknown, secret: unknown): ArrayBuffer | undefined {
    const isKey = secret === undefined || (secret instanceof ArrayBuffer && secret.byteLength <= 65_536)
    if (!(data instanceof ArrayBuffer) || data.byteLength > largestHashed || !isKey) return undefined
    // Hashing keeps this process busy, so it is paid for like text that leaves.
    if (!this.#options.isOpen(data.byteLength)) return undefined
    return hashBytes(data, secret)
  }

  /** Asked for once; whoever asks again and again floods. */
  #onWeb(): string {
    const { web, isOpen } = this.#options
    return isOpen(web.length) ? web : ''
  }

  #onUrl(question: readonly unknown[]): string | undefined {
    const length = question.reduce<number>((sum, text) => sum + String(text).length, 0)
    return length <= longestUrl && this.#options.isOpen(0) ? readUrl(question) : undefined
  }

  #onAsk(payload: unknown): Promise<string> {
    return this.#options.askHost(typeof payload === 'string' ? payload : '')
  }
}
