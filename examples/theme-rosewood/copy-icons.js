// Puts the icons of the theme, and their licence, where the manifest looks for them.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Names of the set by the names of Mortise, where the two differ. */
const names = {
  activity: 'chart-bar-square',
  archive: 'archive-box',
  bot: 'cpu-chip',
  box: 'cube',
  'calendar-clock': 'calendar-days',
  'chart-line': 'presentation-chart-line',
  'circle-check': 'check-circle',
  'circle-help': 'question-mark-circle',
  'circle-user': 'user-circle',
  code: 'code-bracket',
  component: 'squares-2x2',
  copy: 'document-duplicate',
  cpu: 'cpu-chip',
  database: 'circle-stack',
  download: 'arrow-down-tray',
  ellipsis: 'ellipsis-horizontal',
  'external-link': 'arrow-top-right-on-square',
  file: 'document',
  'file-check': 'document-check',
  'file-text': 'document-text',
  'file-up': 'document-arrow-up',
  globe: 'globe-alt',
  'hard-drive': 'server',
  history: 'arrow-uturn-left',
  house: 'home',
  image: 'photo',
  info: 'information-circle',
  layers: 'square-3-stack-3d',
  'layout-dashboard': 'squares-2x2',
  'layout-template': 'rectangle-group',
  'link-2': 'link',
  list: 'list-bullet',
  'log-out': 'arrow-right-start-on-rectangle',
  mail: 'envelope',
  menu: 'bars-3',
  'message-square': 'chat-bubble-left',
  monitor: 'computer-desktop',
  'monitor-play': 'tv',
  package: 'archive-box',
  'package-plus': 'squares-plus',
  palette: 'paint-brush',
  paperclip: 'paper-clip',
  puzzle: 'puzzle-piece',
  'redo-2': 'arrow-uturn-right',
  'refresh-cw': 'arrow-path',
  rocket: 'rocket-launch',
  'rotate-cw': 'arrow-path',
  'scroll-text': 'document-text',
  search: 'magnifying-glass',
  send: 'paper-airplane',
  server: 'server-stack',
  settings: 'cog-6-tooth',
  'share-2': 'share',
  'swatch-book': 'swatch',
  'table-2': 'table-cells',
  terminal: 'command-line',
  'thumbs-up': 'hand-thumb-up',
  timer: 'clock',
  'trash-2': 'trash',
  'trending-down': 'arrow-trending-down',
  'trending-up': 'arrow-trending-up',
  'undo-2': 'arrow-uturn-left',
  upload: 'arrow-up-tray',
  webhook: 'bolt',
  wrench: 'wrench',
  x: 'x-mark',
  zap: 'bolt',
}

const { icons } = JSON.parse(readFileSync(new URL('manifest.json', import.meta.url), 'utf8')).contributes
  .themes[0]
const set = dirname(fileURLToPath(import.meta.resolve('heroicons/package.json')))
const target = fileURLToPath(new URL('dist/icons/', import.meta.url))
mkdirSync(target, { recursive: true })
copyFileSync(join(set, 'LICENSE'), join(target, 'LICENSE.txt'))
for (const [name, path] of Object.entries(icons)) {
  copyFileSync(
    join(set, '24/solid', `${names[name] ?? name}.svg`),
    fileURLToPath(new URL(path, import.meta.url)),
  )
}
