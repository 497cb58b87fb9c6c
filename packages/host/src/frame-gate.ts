import type { ErrorRecord, PluginRecord } from '@mortise/contract'
import type { StoreApi } from 'zustand/vanilla'
import { failure } from './probe-entry.ts'
import type { HostState } from './types.ts'

/** Why a frame may not start: for good, or before something is known. */
export type Hold = { readonly error: ErrorRecord } | { readonly until: Promise<unknown> }

/**
 * Keeps plugins that draw in frames from starting where the browser lets a frame
 * connect elsewhere, unless a person decided so for this version of the plugin.
 */
export class FrameGate {
  readonly #store: StoreApi<HostState>
  readonly #probe: () => Promise<boolean>
  #answer: Promise<boolean> | undefined

  /** @param probe - Whether this browser confines frames. Asked once, when the first frame wants to start. */
  constructor(store: StoreApi<HostState>, probe: () => Promise<boolean>) {
    this.#store = store
    this.#probe = probe
  }

  /** Tries the browser out. A probe that fails counts as a browser that confines nothing. */
  async ask(): Promise<boolean> {
    this.#answer ??= this.#probe().catch(() => false)
    const confinesFrames = await this.#answer
    this.#store.setState({ confinesFrames })
    return confinesFrames
  }

  /**
   * @param surface - Of the version that is about to run.
   * @returns `undefined` where nothing stands in the way.
   */
  hold(record: PluginRecord, surface: 'worker' | 'frame' | undefined): Hold | undefined {
    const { confinesFrames, unconfined } = this.#store.getState()
    if (surface !== 'frame' || confinesFrames || unconfined.includes(unconfinedKey(record))) return undefined
    if (confinesFrames === undefined) return { until: this.ask() }
    const message = `${record.displayName} was not started: it draws in a frame, and this browser cannot keep a frame from sending what it reads to any host.`
    return { error: failure('FRAME_UNCONFINED', message) }
  }

  allow(record: PluginRecord, allowed: boolean): void {
    const { unconfined } = this.#store.getState()
    // The key of an older version has nothing to say any more.
    const others = unconfined.filter((key) => !key.startsWith(`${record.id}@`))
    this.#store.setState({ unconfined: allowed ? [...others, unconfinedKey(record)] : others })
  }
}

/** What a decision is kept under: it holds for the version that was looked at. */
export function unconfinedKey({ id, version }: Pick<PluginRecord, 'id' | 'version'>): string {
  return `${id}@${version}`
}
