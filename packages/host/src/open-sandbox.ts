import type { BootMessage } from '@mortise/contract'

export interface SandboxOptions {
  /** Address of the sandbox document; its headers hold the policy. */
  readonly url: string
  /** What assistive technology calls the frame. */
  readonly title: string
  readonly parent: HTMLElement
  /** Worker sandboxes are never seen. */
  readonly hidden: boolean
  /** Made when the document has loaded, so that it carries the newest state. */
  readonly boot: () => BootMessage
  /** The frame shows another document than the one that was opened. */
  readonly onDidNavigate: () => void
}

export interface Sandbox {
  readonly element: HTMLIFrameElement
  /** The host's end of the channel. Identity is this port, handed over once: every sandbox's origin is `null`. */
  readonly port: MessagePort
  /** Removes the frame, which ends the worker inside it too. */
  close(): void
}

/** Opens a frame with an opaque origin and hands the other end of a channel to its first document. */
export function openSandbox({ url, title, parent, hidden, boot, onDidNavigate }: SandboxOptions): Sandbox {
  const { port1, port2 } = new MessageChannel()
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', 'allow-scripts')
  element.referrerPolicy = 'no-referrer'
  element.title = title
  element.hidden = hidden
  if (!hidden) Object.assign(element.style, { display: 'block', width: '100%', border: '0' })
  let opened = false
  element.addEventListener('load', () => {
    if (opened) {
      onDidNavigate()
      return
    }
    opened = true
    element.contentWindow?.postMessage(boot(), '*', [port2])
  })
  element.src = url
  parent.append(element)
  return {
    element,
    port: port1,
    close() {
      port1.close()
      element.remove()
    },
  }
}
