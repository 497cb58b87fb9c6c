import './chart.css'

export interface View {
  readonly canvas: HTMLCanvasElement
  /** Shows the chart with the numbers of now as legend and as text for screen readers. */
  show(now: { running: number; hibernated: number }, range: string): void
  /** Shows a sentence in place of the chart. */
  say(sentence: string): void
  /** Shows a sentence with a button that asks for the permission. */
  ask(sentence: string, onPress: () => void): void
}

/** The elements around the canvas. Texts are set as text, never as HTML. */
export function createView(root: Element): View {
  const figure = make('figure', 'chart')
  const canvas = make('canvas')
  canvas.setAttribute('role', 'img')
  const running = make('span', 'running')
  const hibernated = make('span', 'hibernated')
  const legend = make('figcaption', 'legend', running, hibernated)
  const message = make('div', 'message')
  message.setAttribute('role', 'status')
  message.textContent = 'Loading sessions…'
  figure.append(message)
  root.append(figure)

  return {
    canvas,
    show(now, label) {
      running.textContent = `${now.running} running`
      hibernated.textContent = `${now.hibernated} hibernated`
      canvas.setAttribute(
        'aria-label',
        `Sessions over the last ${label}: ${now.running} running and ${now.hibernated} hibernated now.`,
      )
      if (!canvas.isConnected) figure.replaceChildren(canvas, legend)
    },
    say(sentence) {
      message.textContent = sentence
      figure.replaceChildren(message)
    },
    ask(sentence, onPress) {
      const button = make('button')
      button.type = 'button'
      button.textContent = 'Request permission'
      button.addEventListener('click', onPress)
      message.textContent = sentence
      figure.replaceChildren(message, button)
    },
  }
}

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  ...children: Element[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  element.className = className
  element.append(...children)
  return element
}
