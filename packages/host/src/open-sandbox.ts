import type { BootMessage, ProbeMessage, RealmMessage } from '@mortise/contract'

export interface SandboxOptions {
  /** Address of the sandbox document; its headers hold the policy. */
  readonly url: string
  /** What assistive technology calls the frame. */
  readonly title: string
  readonly parent: HTMLElement
  /** What its worker runs before any plugin. Sandboxes without a worker are seen. */
  readonly code?: Promise<Blob> | undefined
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
   * @param onDidNotOpen - The code for its worker is not to be had.
   */
  start(boot: () => BootMessage, onDidNavigate: () => void, onDidNotOpen: (error: unknown) => void): void
  /**
   * Asks the document of a worker whether it still runs. Its plugin cannot answer in its place, and does not keep
   * it from answering: silence means that the process is gone.
   */
  probe(onAnswer: () => void): void
  /** Removes the frame, which ends the worker inside it too. */
  close(): void
}

/** Opens a frame with an opaque origin. No code of a plugin runs in it before it is started. */
export function openSandbox({ url, title, parent, code }: SandboxOptions): Sandbox {
  const { port1, port2 } = new MessageChannel()
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', 'allow-scripts')
  element.referrerPolicy = 'no-referrer'
  element.title = title
  element.hidden = code !== undefined
  if (!code) Object.assign(element.style, { display: 'block', width: '100%', border: '0' })
  let loads = 0
  let message: (() => BootMessage) | undefined
  let navigated = () => {}
  const send = () => {
    if (message && loads === 1) element.contentWindow?.postMessage(message(), '*', [port2])
  }
  element.addEventListener('load', () => {
    if (++loads > 1) return navigated()
    send()
    code?.then(
      (realm) => {
        const handed: RealmMessage<Blob> = { type: 'mortise.realm', code: realm }
        if (loads === 1) element.contentWindow?.postMessage(handed, '*')
      },
      () => {},
    )
  })
  element.src = url
  parent.append(element)
  return {
    url,
    element,
    port: port1,
    start(boot, onDidNavigate, onDidNotOpen) {
      code?.catch(onDidNotOpen)
      message = boot
      navigated = onDidNavigate
      send()
    },
    probe(onAnswer) {
      const { port1: answers, port2: way } = new MessageChannel()
      answers.onmessage = onAnswer
      element.contentWindow?.postMessage({ type: 'mortise.probe' } satisfies ProbeMessage, '*', [way])
    },
    close() {
      port1.close()
      element.remove()
    },
  }
}
