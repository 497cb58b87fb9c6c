import type { PluginLimits, RequestKind } from '../wire.ts'
import { Bucket } from './rates.ts'

/** JSON text the parent has to parse, in UTF-16 units: at once, and per second. */
const textBurst = 16 * 1024 * 1024
const textPerSecond = 4 * 1024 * 1024
/** Request bodies, in bytes: at once, and per second. */
const bodyBurst = 64 * 1024 * 1024
const bodyPerSecond = 16 * 1024 * 1024
const logBurst = 200
const logsPerSecond = 50
const longestLog = 20_000

/** What a sandbox may wait for. Modules come from the child itself. */
type OpenKind = RequestKind | 'import'

/** Counts what one sandbox sends out and says when it is too much. */
export class Gate {
  readonly #limits: PluginLimits
  readonly #open = new Map<number, OpenKind>()
  readonly #messages: Bucket
  readonly #text = new Bucket(textBurst, textPerSecond)
  readonly #bodies = new Bucket(bodyBurst, bodyPerSecond)
  readonly #logs = new Bucket(logBurst, logsPerSecond)
  #droppedLogs = 0

  constructor(limits: PluginLimits) {
    this.#limits = limits
    this.#messages = new Bucket(limits.messagesPerSecond, limits.messagesPerSecond)
  }

  /** False when the sandbox floods and has to end. */
  countMessage(length = 0): boolean {
    return this.#messages.take(1) && this.#text.take(length)
  }

  isTooLong(text: string | undefined): boolean {
    return (text?.length ?? 0) > this.#limits.messageLength
  }

  /** Opens a request, or answers the error record that refuses it. */
  open(id: number, kind: OpenKind, text: string | undefined, bodyBytes: number): string | undefined {
    const { fetchBodyBytes, openRequests, openFetches } = this.#limits
    if (this.isTooLong(text) || bodyBytes > fetchBodyBytes) return tooLarge('The request')
    const fetches = [...this.#open.values()].filter((one) => one === 'fetch').length
    if (kind === 'fetch' && fetches >= openFetches)
      return refused(`may have at most ${openFetches} fetches open`)
    if (this.#open.has(id) || this.#open.size >= openRequests) {
      return refused(`may have at most ${openRequests} requests open`)
    }
    if (!this.#bodies.take(bodyBytes)) return refused('sends too much data')
    this.#open.set(id, kind)
    return undefined
  }

  close(id: number): void {
    this.#open.delete(id)
  }

  /** Closes a fetch; false when there is none, because only fetches can be aborted. */
  abort(id: number): boolean {
    return this.#open.get(id) === 'fetch' && this.#open.delete(id)
  }

  /** The lines that may leave in place of this one: none, itself, or itself and a note on what was dropped. */
  passLog(text: string): string[] {
    if (text.length > longestLog || !this.#logs.take(1)) {
      this.#droppedLogs++
      return []
    }
    if (this.#droppedLogs === 0) return [text]
    const message = `${this.#droppedLogs} log lines were dropped: too many or too long`
    this.#droppedLogs = 0
    return [text, JSON.stringify({ level: 'warn', message })]
  }
}

export function tooLarge(what: string): string {
  return JSON.stringify({ name: 'MortiseError', code: 'PAYLOAD_TOO_LARGE', message: `${what} is too large` })
}

function refused(why: string): string {
  return JSON.stringify({ name: 'MortiseError', code: 'RATE_LIMITED', message: `The plugin ${why}` })
}
