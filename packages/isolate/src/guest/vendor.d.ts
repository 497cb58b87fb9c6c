/** The package's own types cannot be resolved through its export map. */
declare module 'event-target-shim' {
  export class Event {
    constructor(type: string)
    readonly type: string
  }
  export class EventTarget {
    addEventListener(type: string, listener: (event: Event) => void): void
    removeEventListener(type: string, listener: (event: Event) => void): void
    dispatchEvent(event: Event): boolean
  }
}
