import type { ErrorRecord } from '@mortise/contract'
import type { RemoteMutationRecord } from '@remote-dom/core'
import { RemoteReceiver } from '@remote-dom/core/receivers'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Hold } from './frame-gate.ts'
import type { Guest } from './guest.ts'
import { GuestMemory } from './guest-memory.ts'
import type { GuestMount } from './guest-services.ts'
import type { Fallback } from './load-attempts.ts'
import { TreeGuard } from './tree-guard.ts'
import type { Mount, MountState, SlotWidget } from './types.ts'
import type { Clearance } from './watchdog.ts'

/** What a mount needs from the engine. */
export interface MountServices {
  /** The guest that draws this mount: the plugin's worker, or a frame of its own in `parent`. */
  openGuest(plugin: string, memory: GuestMemory, parent?: HTMLElement): Guest | undefined
  /** Whether the plugin may start now. */
  clearance(plugin: string): Clearance | Hold
  /** Why the plugin runs in an older version, where it does. */
  fallback(plugin: string): Fallback | undefined
  /** How often a plugin was stopped for what it did, as far as that is not forgotten. */
  restarts(plugin: string): number
  /** A person wants the plugin started whatever it did. */
  forgive(plugin: string): void
  /** The mount left its guest, which may be idle now. */
  leaveGuest(plugin: string, guest: Guest): void
  onDidUnmount(mount: WidgetMount): void
  /** Clamps a frame's height to what its slot allows. */
  clampHeight(slot: string, height: number): number
}

/** One widget in one slot. Outlives its guests: a retry or reload brings a new one. */
export class WidgetMount implements Mount {
  readonly state: StoreApi<MountState> = createStore<MountState>(() => ({ status: 'loading' }))
  readonly surface: 'worker' | 'frame'
  readonly receiver?: RemoteReceiver
  readonly attach?: (element: HTMLElement) => void
  readonly plugin: string
  readonly #widget: SlotWidget
  readonly #slot: string
  readonly #services: MountServices
  #context: unknown
  #parent: HTMLElement | undefined
  #guest: Guest | undefined
  #guard: TreeGuard | undefined
  #number = 0
  #wished: number | undefined
  #unmounted = false
  #startTimer: ReturnType<typeof setTimeout> | undefined
  #awaited: Promise<unknown> | undefined
  #saved: unknown
  /** Of the frame that draws this mount alone. */
  readonly memory = new GuestMemory()

  constructor(widget: SlotWidget, slot: string, context: unknown, services: MountServices) {
    this.#widget = widget
    this.#slot = slot
    this.#context = context
    this.#services = services
    this.plugin = widget.plugin.id
    this.surface = widget.surface
    if (widget.surface === 'worker') {
      this.receiver = new RemoteReceiver()
      this.start()
    } else {
      this.attach = (element) => this.#attach(element)
    }
  }

  update(context: unknown): void {
    this.#context = context
    this.#guest?.setContext(this.#number, context)
  }

  retry(): void {
    if (this.state.getState().status !== 'failed') return
    this.#services.forgive(this.plugin)
    // Forgiving starts the mounts of a plugin in quarantine, this one among them.
    if (this.state.getState().status === 'failed') this.start()
  }

  unmount(): void {
    if (this.#unmounted) return
    this.#unmounted = true
    this.close()
    this.#services.onDidUnmount(this)
  }

  /** Draws the widget in a guest, a new one where the last has ended. */
  start(): void {
    if (this.#unmounted || (this.surface === 'frame' && !this.#parent)) return
    this.#leave()
    this.#clearTree()
    const clearance = this.#services.clearance(this.plugin)
    if ('error' in clearance) {
      this.fail(clearance.error)
      return
    }
    const restarts = this.#services.restarts(this.plugin)
    this.state.setState({ status: 'loading', ...(restarts > 0 && { restarts }) }, true)
    if ('until' in clearance) {
      const { until } = clearance
      this.#awaited = until
      void until.then(() => this.#awaited === until && this.start())
    } else if (clearance.waitMs > 0) this.#startTimer = setTimeout(() => this.#open(), clearance.waitMs)
    else this.#open()
  }

  #open(): void {
    const guest = this.#services.openGuest(this.plugin, this.memory, this.#parent)
    if (!guest) {
      this.close()
      return
    }
    this.#guest = guest
    this.#number = guest.addMount(this.#createGuestMount(guest))
  }

  /** Drops what the widget saved. */
  forget(): void {
    this.#saved = undefined
    this.memory.forget()
  }

  /** The plugin may not run any more. */
  close(): void {
    this.forget()
    this.#leave()
    this.#clearTree()
    this.state.setState({ status: 'closed' }, true)
  }

  #attach(element: HTMLElement): void {
    if (this.#unmounted || this.#parent === element) return
    this.#parent = element
    // Putting a frame elsewhere reloads it, so a moved widget starts anew.
    this.start()
  }

  uses(guest: Guest): boolean {
    return this.#guest === guest
  }

  #createGuestMount(guest: Guest): GuestMount {
    const { receiver } = this
    const { plugin, widget } = this.#widget
    const guard =
      receiver &&
      new TreeGuard({
        receiver,
        displayName: plugin.displayName,
        dispatch: (listener, args) => {
          if (this.#guest === guest) guest.dispatch(this.#number, listener, args)
        },
      })
    this.#guard = guard
    const self = this
    return {
      widget: widget.id,
      slot: this.#slot,
      // Read when the guest is ready, by when the slot may have said something newer.
      get context() {
        return self.#context
      },
      get state() {
        return self.#saved
      },
      onSave: (state) => {
        this.#saved = state
      },
      onMounted: () => this.#mounted(),
      onFailed: (error) => this.fail(error),
      onRecords: (records) => guard?.apply(records),
      onResize: (asked) => this.#resize(guest, asked),
    }
  }

  /** Applies the last wish of each frame painted: a guest may wish as often as it likes. */
  #resize(guest: Guest, asked: number): void {
    const height = this.#services.clampHeight(this.#slot, asked)
    if (this.#wished === undefined) {
      requestAnimationFrame(() => {
        const wished = this.#wished
        this.#wished = undefined
        if (this.#guest !== guest || wished === undefined) return
        guest.element.style.height = `${wished}px`
        if (this.state.getState().height !== wished) this.state.setState({ height: wished })
      })
    }
    this.#wished = height
  }

  #mounted(): void {
    const { height } = this.state.getState()
    const fallback = this.#services.fallback(this.plugin)
    const more = { ...(height !== undefined && { height }), ...(fallback && { fallback }) }
    this.state.setState({ status: 'running', ...more }, true)
  }

  /** Shows an error in place of the widget. */
  fail(error: ErrorRecord): void {
    this.#leave()
    this.#clearTree()
    this.state.setState({ status: 'failed', error }, true)
  }

  #leave(): void {
    clearTimeout(this.#startTimer)
    this.#awaited = undefined
    const guest = this.#guest
    if (!guest) return
    this.#guard?.close()
    this.#guest = undefined
    guest.removeMount(this.#number)
    this.#services.leaveGuest(this.plugin, guest)
  }

  #clearTree(): void {
    const { receiver } = this
    const removals = receiver?.root.children.map((_child, at): RemoteMutationRecord => [1, '~', at])
    // From the end, so that no other has to move.
    if (removals) receiver?.connection.mutate(removals.reverse())
  }
}
