import type { CallObserver } from '@mortise/bridge/host'
import {
  type CallRecord,
  type FlightLog,
  FlightRecorder,
  type PluginUsage,
  type Verdict,
} from '@mortise/bridge/recorder'
import type { ContactNews, NamedMethod } from '@mortise/contract'

/** Answers to the engine's own questions: they would crowd out what plugins do by themselves. */
const ignore = new Set(['guest.pong', 'guest.painted'])

/** The flight recorder of one page. */
export class GuestRecorder {
  readonly #recorder: FlightRecorder
  readonly #declared: (plugin: string) => readonly string[]

  constructor(methods: ReadonlyMap<string, NamedMethod>, declared: (plugin: string) => readonly string[]) {
    this.#recorder = new FlightRecorder({ methods, ignore })
    this.#declared = declared
  }

  /** Calls and contacts still kept, of one plugin or of all, oldest first. */
  records(plugin?: string): readonly CallRecord[] {
    return this.#recorder.records(plugin)
  }

  /** The newest calls and contacts of a plugin, newest first. */
  latest(plugin: string, count: number): readonly CallRecord[] {
    return this.#recorder.latest(plugin, count)
  }

  /** What a plugin did since the page was opened, and which permissions it declares nothing has needed. */
  usage(plugin: string): PluginUsage {
    return this.#recorder.usage(plugin, this.#declared(plugin))
  }

  /** A copy of the log as plain data, to keep or to send somewhere. */
  export(): Promise<FlightLog> {
    return this.#recorder.export()
  }

  /**
   * Checks that no call was changed, left out, added or moved.
   *
   * @param head - A digest of an earlier export, which the log has to contain.
   */
  verify(head?: string): Promise<Verdict> {
    return this.#recorder.verify(head)
  }

  noteContacts(news: readonly ContactNews[]): void {
    this.#recorder.noteContacts(news)
  }

  observe(plugin: string): CallObserver {
    return this.#recorder.observe(plugin)
  }

  use(plugin: string, permission: string): void {
    this.#recorder.use(plugin, permission)
  }
}
