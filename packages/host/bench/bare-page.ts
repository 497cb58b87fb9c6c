/** The least that any page does which switches with frames: no code of ours in it, the same frames and properties. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'

type Declarations = readonly (readonly [name: string, value: string])[]

/** What the page itself runs. */
interface Bare {
  texts: readonly string[]
  switchTo(index: number): Promise<void>
}

declare const bare: Bare

export interface BarePages extends AsyncDisposable {
  /** Opens the page with its frames. */
  open(page: Page, frames: number): Promise<void>
}

/** Takes the declarations between which the page switches. */
export const setBare = (page: Page, modes: readonly Declarations[]): Promise<void> =>
  page.evaluate(
    (texts) => {
      bare.texts = texts
    },
    modes.map((declarations) => declarations.map(([name, value]) => `${name}:${value}`).join(';')),
  )

export async function serveBarePages(): Promise<BarePages> {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(request.url === '/frame' ? frameDocument : '<!doctype html><html lang="en"><body>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    async open(page, frames) {
      await page.goto(`http://localhost:${port}/`)
      await page.evaluate(start, [port, frames] as const)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Adopts what it is told and answers once that is painted. */
const frameDocument = `<!doctype html><body>frame<script>
document.body.style.color = 'var(--m-color-text-default)'
const sheet = new CSSStyleSheet()
document.adoptedStyleSheets.push(sheet)
onmessage = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    sheet.replaceSync(':root{' + data + '}')
    requestAnimationFrame(() => requestAnimationFrame(() => port.postMessage('painted')))
  }
}
</script>`

/** Runs in the page: its frames, a sheet of its own, and a view transition as the platform has it. */
async function start([port, frames]: readonly [number, number]): Promise<void> {
  const places = await Promise.all(
    Array.from({ length: frames }, async (_, i) => {
      const element = document.createElement('iframe')
      element.setAttribute('sandbox', 'allow-scripts')
      element.style.cssText = 'width:100%;height:40px;border:0;display:block'
      element.src = `http://frame${i}.localhost:${port}/frame`
      const place = document.createElement('div')
      place.append(element)
      document.body.append(place)
      await new Promise((resolve) => element.addEventListener('load', resolve))
      const channel = new MessageChannel()
      element.contentWindow!.postMessage('port', '*', [channel.port2])
      return { element, port: channel.port1 }
    }),
  )
  const [look, still] = [new CSSStyleSheet(), new CSSStyleSheet()]
  look.insertRule(':root{}')
  still.replaceSync(
    '@keyframes still{from,to{opacity:1}}::view-transition-group(*),::view-transition-new(*){animation:none}::view-transition-old(*){animation:still 9s;z-index:1}',
  )
  document.adoptedStyleSheets = [look, still]
  const bare: Bare = {
    texts: [],
    async switchTo(index) {
      const text = bare.texts[index]!
      const transition = document.startViewTransition(() => {})
      await transition.ready
      await Promise.all(document.getAnimations().map((animation) => animation.ready))
      await Promise.all(
        places.map(({ element, port }) => {
          const painted = new Promise((resolve) => {
            port.onmessage = resolve
          })
          port.postMessage(text)
          // What is out of sight does not paint.
          return element.getBoundingClientRect().top < innerHeight ? painted : undefined
        }),
      )
      look.replaceSync(`:root{${text}}`)
      transition.skipTransition()
    },
  }
  Object.assign(globalThis, { bare })
}
