import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import '../src/styles/index.css'
import './gallery.css'
import { composeTheme, themeStylesheet } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { createRoot } from 'react-dom/client'
import { Gallery } from './gallery.tsx'

const sheet = new CSSStyleSheet()
sheet.replaceSync(themeStylesheet(composeTheme(baseSource)))
document.adoptedStyleSheets.push(sheet)

createRoot(document.getElementById('root')!).render(<Gallery />)
