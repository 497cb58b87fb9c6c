import '../../src/styles/index.css'
import { composeTheme, themeStylesheet } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { createRoot } from 'react-dom/client'
import { Controls } from './controls.tsx'
import { Live, Parts, Payloads } from './live.tsx'
import { Slots } from './slots.tsx'
import { Switches, Themes } from './themes.tsx'
import { Tree } from './tree.tsx'

const sheet = new CSSStyleSheet()
// In a layer as on the server, so that what the engine paints outweighs it.
sheet.replaceSync(`@layer first-paint{${themeStylesheet(composeTheme(baseSource))}}`)
document.adoptedStyleSheets.push(sheet)

const pages = {
  controls: Controls,
  tree: Tree,
  slots: Slots,
  live: Live,
  parts: Parts,
  payloads: Payloads,
  themes: Themes,
  switches: Switches,
}
const Page = pages[location.hash.slice(1) as keyof typeof pages]
createRoot(document.getElementById('root')!).render(<Page />)
