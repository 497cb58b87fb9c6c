import { iconNames } from './ui-values.ts'

/** Icons that warn, or speak of safety and permissions. They look the same in every theme. */
const steady: ReadonlySet<string> = new Set([
  'circle-alert',
  'circle-x',
  'eye-off',
  'key',
  'lock',
  'shield',
  'triangle-alert',
])

/** Icons of the reference console beside those that plugins can name. */
const consoleIcons = [
  'calendar-clock',
  'circle-user',
  'component',
  'contrast',
  'file-check',
  'file-up',
  'gauge',
  'hourglass',
  'layout-dashboard',
  'layout-template',
  'link-2',
  'log-out',
  'menu',
  'minus',
  'monitor-play',
  'package-plus',
  'palette',
  'panel-left-close',
  'panel-left-open',
  'puzzle',
  'radio',
  'redo-2',
  'rotate-ccw',
  'rotate-cw',
  'scroll-text',
  'swatch-book',
  'table-2',
  'wand-sparkles',
  'webhook',
] as const

/** Names of icons that a theme can draw anew, as Lucide calls them. */
export const themeIconNames: readonly string[] = [
  ...iconNames.filter((name) => !steady.has(name)),
  ...consoleIcons,
].toSorted()
