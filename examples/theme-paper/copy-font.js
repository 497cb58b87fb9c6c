// Puts the font of the theme, and its licence, where the manifest looks for it.
import { copyFileSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const files = {
  'newsreader-latin.woff2': 'files/newsreader-latin-wght-normal.woff2',
  'LICENSE.txt': 'LICENSE',
}
const target = new URL('dist/fonts/', import.meta.url)
mkdirSync(target, { recursive: true })
for (const [name, file] of Object.entries(files)) {
  const source = import.meta.resolve(`@fontsource-variable/newsreader/${file}`)
  copyFileSync(fileURLToPath(source), new URL(name, target))
}
