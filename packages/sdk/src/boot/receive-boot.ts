import type { BootMessage } from '@mortise/contract'

export interface Booted {
  readonly boot: BootMessage
  readonly port: MessagePort
}

/**
 * Waits for the host's one boot message. Other frames of the page can post here
 * too, so the sender is compared with the embedding window, never its origin: in
 * a sandbox every origin reads `null`.
 */
export function receiveBoot(): Promise<Booted> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      const port = event.ports[0]
      if (event.source !== window.parent || event.data?.type !== 'mortise.boot' || !port) return
      removeEventListener('message', receive)
      resolve({ boot: event.data as BootMessage, port })
    }
    addEventListener('message', receive)
  })
}
