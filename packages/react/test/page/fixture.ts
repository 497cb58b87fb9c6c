import type { RemoteReceiver } from '@remote-dom/core/receivers'
import type { FakeHost } from '../../gallery/fake-host.ts'

/** What a page leaves on `window` for its test. */
export interface Fixture {
  readonly said: string[]
  host?: FakeHost
  receiver?: RemoteReceiver
  /** Tells the slot page that plugins changed. */
  step?: (name: string) => void
  /** Switches the theme of the whole page and settles once that can be seen. */
  paint?: (color: string) => Promise<void>
}

declare global {
  interface Window {
    fixture: Fixture
    stolen?: unknown
  }
}

window.fixture = { said: [] }

/** Writes down that something happened. */
export function say(what: string): void {
  window.fixture.said.push(what)
}
