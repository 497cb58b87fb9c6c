interface Listening {
  readonly type: string
  readonly listener: unknown
  readonly capture: boolean
  readonly once: boolean
}

/** An event without a tree to travel through. */
export class Event {
  readonly type: string
  readonly cancelable: boolean
  readonly bubbles: boolean
  readonly timeStamp = Date.now()
  #target: EventTarget | null = null
  #isPrevented = false
  #isStopped = false

  constructor(type: unknown, options: { cancelable?: unknown; bubbles?: unknown } = {}) {
    this.type = `${type}`
    this.cancelable = Boolean(options.cancelable)
    this.bubbles = Boolean(options.bubbles)
  }

  get target(): EventTarget | null {
    return this.#target
  }

  get currentTarget(): EventTarget | null {
    return this.#target
  }

  get defaultPrevented(): boolean {
    return this.#isPrevented
  }

  preventDefault(): void {
    this.#isPrevented ||= this.cancelable
  }

  stopPropagation(): void {}

  stopImmediatePropagation(): void {
    this.#isStopped = true
  }

  static begin(event: Event, target: EventTarget): void {
    event.#target = target
    event.#isStopped = false
  }

  static isStopped(event: Event): boolean {
    return event.#isStopped
  }
}

const { begin, isStopped } = Event
for (const name of ['begin', 'isStopped']) Reflect.deleteProperty(Event, name)

/** Listeners by type, in the order in which they were added. */
export class EventTarget {
  #listeners: Listening[] = []

  addEventListener(type: unknown, listener: unknown, options: unknown = {}): void {
    if (listener === null || listener === undefined) return
    const { capture, once, signal } = readOptions(options)
    if (signal?.aborted) return
    const name = `${type}`
    if (this.#listeners.some((one) => isSame(one, name, listener, capture))) return
    this.#listeners.push({ type: name, listener, capture, once })
    signal?.addEventListener('abort', () => this.removeEventListener(name, listener, capture))
  }

  removeEventListener(type: unknown, listener: unknown, options: unknown = {}): void {
    const { capture } = readOptions(options)
    this.#listeners = this.#listeners.filter((one) => !isSame(one, `${type}`, listener, capture))
  }

  dispatchEvent(event: Event): boolean {
    if (!(event instanceof Event)) throw new TypeError('dispatchEvent takes an Event')
    begin(event, this)
    for (const one of this.#listeners.filter(({ type }) => type === event.type)) {
      if (isStopped(event)) break
      if (!this.#listeners.includes(one)) continue
      if (one.once) this.removeEventListener(one.type, one.listener, one.capture)
      this.#call(one.listener, event)
    }
    return !event.defaultPrevented
  }

  /** A listener that throws keeps no other from hearing. */
  #call(listener: unknown, event: Event): void {
    try {
      if (typeof listener === 'function') Reflect.apply(listener, this, [event])
      else (listener as { handleEvent?(event: Event): void }).handleEvent?.(event)
    } catch (thrown) {
      console.error(thrown)
    }
  }
}

function isSame(one: Listening, type: string, listener: unknown, capture: boolean): boolean {
  return one.type === type && one.listener === listener && one.capture === capture
}

function readOptions(options: unknown): {
  readonly capture: boolean
  readonly once: boolean
  readonly signal: (EventTarget & { readonly aborted: boolean }) | undefined
} {
  if (typeof options !== 'object' || options === null) {
    return { capture: Boolean(options), once: false, signal: undefined }
  }
  const { capture, once, signal } = options as Record<string, unknown>
  return { capture: Boolean(capture), once: Boolean(once), signal: signal as never }
}
