/** Sends one message out of the isolate. Arguments are copied; nothing comes back. */
export type Send = (kind: string, id: number, payload: string | undefined, bytes?: ArrayBuffer) => void

/** What the child process hands to the guest runtime before any foreign code runs. */
export interface Powers {
  readonly send: Send
  /** Random bytes from the child process. */
  readonly random: (bytes: number) => ArrayBuffer
  /** SHA-256 of bytes, keyed (HMAC) where a key is given; `undefined` for too many bytes. */
  readonly hash: (data: ArrayBuffer, key: ArrayBuffer | undefined) => ArrayBuffer | undefined
  /**
   * The parts of an address, one a line, in the order of `url.ts`; `undefined` for
   * one that is none. With `part` that one is changed before.
   */
  readonly url: (
    text: string,
    base: string | undefined,
    part: string | undefined,
    value: string | undefined,
  ) => string | undefined
  /** The source of the web's part of the runtime. */
  readonly webSource: () => string
  /** Sends a host call and blocks the isolate until the JSON answer is here. */
  readonly requestSync: (payload: string) => string
}

interface Pending {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** A settled request: JSON text and, for bodies, raw bytes. */
export interface Answer {
  readonly payload: string | undefined
  readonly bytes: ArrayBuffer | undefined
}

// Captured before plugin code can replace them.
const PromiseConstructor = Promise
const { parse } = JSON

/** Requests that wait for an answer from outside, by id. */
export class Channel {
  readonly powers: Powers
  readonly #pending = new Map<number, Pending>()
  #lastId = 0

  constructor(powers: Powers) {
    this.powers = powers
  }

  request(
    kind: string,
    payload: string,
    bytes?: ArrayBuffer,
  ): { readonly id: number; readonly answer: Promise<Answer> } {
    const id = ++this.#lastId
    const answer = new PromiseConstructor<Answer>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
    })
    this.powers.send(kind, id, payload, bytes)
    return { id, answer }
  }

  settle(id: number, ok: boolean, payload: string | undefined, bytes: ArrayBuffer | undefined): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    this.#pending.delete(id)
    if (ok) pending.resolve({ payload, bytes })
    else pending.reject(reviveError(payload))
  }

  /** Stops waiting for a request; a late answer is ignored. */
  abandon(id: number, reason: unknown): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    this.#pending.delete(id)
    this.powers.send('abort', id, undefined)
    pending.reject(reason)
  }
}

/** An error from its record, with the name and code that plugin code branches on. */
export function reviveError(payload: string | undefined): Error {
  const record = payload === undefined ? {} : (parse(payload) as Record<string, unknown>)
  const error = new Error(String(record.message ?? 'The call failed')) as Error & Record<string, unknown>
  for (const key of ['name', 'code', 'retryable', 'data']) {
    if (record[key] !== undefined) {
      Object.defineProperty(error, key, {
        value: record[key],
        enumerable: false,
        configurable: true,
        writable: true,
      })
    }
  }
  return error
}
