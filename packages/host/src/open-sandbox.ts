import type { BootMessage } from '@mortise/contract'

export interface SandboxOptions {
  /** Address of the sandbox document; its headers hold the policy. */
  readonly url: string
  /** What assistive technology calls the frame. */
  readonly title: string
  readonly parent: HTMLElement
  /** Worker sandboxes are never seen. */
  readonly hidden: boolean
}

export interface Sandbox {
  readonly url: string
  readonly element: HTMLIFrameElement
  /** The host's end of the channel. Identity is this port, handed over once: every sandbox's origin is `null`. */
  readonly port: MessagePort
  /**
   * Hands the other end of the channel to the frame's first document, once that has loaded.
   *
   * @param boot - Asked at that moment, so that the message carries the newest state.
   * @param onDidNavigate - The frame shows another document than the one that was opened.
   */
  start(boot: () => BootMessage, onDidNavigate: () => void): void
  /** Removes the frame, which ends the worker inside it too. */
  close(): void
}

/** Opens a frame with an opaque origin. No code of a plugin runs in it before it is started. */
export function openSandbox({ url, title, parent, hidden }: SandboxOptions): Sandbox {
  const { port1, port2 } = new MessageChannel()
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', 'allow-scripts')
  element.referrerPolicy = 'no-referrer'
  element.title = title
  element.hidden = hidden
  if (!hidden) Object.assign(element.style, { display: 'block', width: '100%', border: '0' })
  let loads = 0
  let message: (() => BootMessage) | undefined
  let navigated = () => {}
  const send = () => {
    if (message && loads === 1) element.contentWindow?.postMessage(message(), '*', [port2])
  }
  element.addEventListener('load', () => {
    if (++loads === 1) send()
    else navigated()
  })
  element.src = url
  parent.append(element)
  return {
    url,
    element,
    port: port1,
    start(boot, onDidNavigate) {
      message = boot
      navigated = onDidNavigate
      send()
    },
    close() {
      port1.close()
      element.remove()
    },
  }
}
