/** Schemas of what properties of components may hold. Every text, list and number has an end. */
import { s } from './schema.ts'

export const text = s.pipe(s.string(), s.maxLength(10_000))
export const longText = s.pipe(s.string(), s.maxLength(50_000))
export const label = s.pipe(s.string(), s.maxLength(500))
/** Names a tab, a column, a row or an option inside one component. Never an `id` of the page. */
export const key = s.pipe(s.string(), s.minLength(1), s.maxLength(200))
export const flag = s.boolean()
export const gap = s.picklist(['none', 'xs', 'sm', 'md', 'lg', 'xl'])
export const tone = s.picklist(['neutral', 'accent', 'success', 'warning', 'danger', 'info'])
export const size = s.picklist(['sm', 'md'])
export const variant = s.picklist(['primary', 'secondary', 'ghost', 'danger'])
/** Beyond these a sum or a difference would lose its last digits, or its end. */
export const number = s.pipe(s.number(), s.minValue(-1e15), s.maxValue(1e15))
/** CSS pixels of a picture. */
export const pixels = s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(2000))
export const share = s.pipe(s.number(), s.minValue(0), s.maxValue(1))
/** A day as `2026-01-31`. */
export const day = s.pipe(s.string(), s.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day as in 2026-01-31'))

/** Only addresses a person can safely open: never `javascript:`, `data:` or `blob:`. */
export const safeHref = s.pipe(
  s.string(),
  s.maxLength(2000),
  s.regex(
    // Anchored and without white space: browsers drop tabs and newlines inside an address.
    /^(?:https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu,
    'must be an absolute https:, http: or mailto: address',
  ),
)

/**
 * A picture that makes no request to a host of the plugin's choice: its bytes, or
 * a file of the plugin's own package.
 */
export const imageSource = s.union([
  s.pipe(
    s.string(),
    s.maxLength(500_000),
    s.regex(
      /^data:image\/(?:png|jpeg|webp|gif);base64,[a-z\d+/]+={0,2}$/i,
      'must be a data: address of a PNG, JPEG, WebP or GIF picture in base64',
    ),
  ),
  s.pipe(
    s.string(),
    s.maxLength(300),
    s.regex(
      // No `..`, no scheme, no query: each part begins with a letter, a digit, `_` or `-`.
      /^(?:[\w-][\w.-]*\/){0,20}[\w-][\w.-]*\.(?:png|jpe?g|webp|gif)$/i,
      'must be a path inside the package to a PNG, JPEG, WebP or GIF file',
    ),
  ),
])

/** Icons that the host has. All are from Lucide, under its names. */
export const iconNames = [
  'activity',
  'archive',
  'arrow-down',
  'arrow-left',
  'arrow-right',
  'arrow-up',
  'bell',
  'bookmark',
  'bot',
  'box',
  'calendar',
  'chart-line',
  'check',
  'chevron-down',
  'chevron-right',
  'circle-alert',
  'circle-check',
  'circle-help',
  'circle-x',
  'clock',
  'cloud',
  'code',
  'copy',
  'cpu',
  'database',
  'download',
  'ellipsis',
  'external-link',
  'eye',
  'eye-off',
  'file',
  'file-text',
  'folder',
  'funnel',
  'git-branch',
  'globe',
  'hard-drive',
  'heart',
  'history',
  'house',
  'image',
  'inbox',
  'info',
  'key',
  'layers',
  'link',
  'list',
  'lock',
  'mail',
  'map-pin',
  'memory-stick',
  'message-square',
  'monitor',
  'moon',
  'network',
  'package',
  'paperclip',
  'pause',
  'pencil',
  'play',
  'plus',
  'power',
  'refresh-cw',
  'rocket',
  'search',
  'send',
  'server',
  'settings',
  'share-2',
  'shield',
  'sparkles',
  'star',
  'sun',
  'tag',
  'terminal',
  'thumbs-up',
  'timer',
  'trash-2',
  'trending-down',
  'trending-up',
  'triangle-alert',
  'undo-2',
  'upload',
  'user',
  'users',
  'wifi',
  'wrench',
  'x',
  'zap',
] as const

/** Name of an icon of the host. */
export type IconName = (typeof iconNames)[number]

export const icon = s.picklist(iconNames)

export const options = s.pipe(s.array(s.object({ value: label, label })), s.maxLength(1000))

/** A cell of a table: a plain value, or a text with a tone or an address. */
const cell = s.union([
  s.pipe(s.string(), s.maxLength(1000)),
  number,
  s.boolean(),
  s.null(),
  s.object({
    text: s.pipe(s.string(), s.maxLength(1000)),
    /** Draws the text as a badge. */
    tone: s.optional(tone),
    /** Draws the text as a link. */
    href: s.optional(safeHref),
    /** Small second line under the text. */
    note: s.optional(label),
    mono: s.optional(flag),
    /** What the column is sorted by instead of the text. */
    sort: s.optional(s.union([label, number])),
  }),
])

export const tableColumns = s.pipe(
  s.array(
    s.object({
      id: key,
      header: label,
      align: s.optional(s.picklist(['start', 'end'])),
      /** `fill` takes what is left and cuts long text; `fit` is as narrow as its content. */
      width: s.optional(s.picklist(['fit', 'fill'])),
      sortable: s.optional(flag),
      /** Left out on narrow screens. */
      secondary: s.optional(flag),
    }),
  ),
  s.maxLength(24),
)

export const tableRows = s.pipe(s.array(s.object({ id: key, cells: s.dictionary(cell) })), s.maxLength(2000))

export const tableActions = s.pipe(
  s.array(
    s.object({ id: key, label, icon: s.optional(icon), tone: s.optional(s.picklist(['default', 'danger'])) }),
  ),
  s.maxLength(20),
)

export const tableSort = s.object({ column: key, direction: s.picklist(['ascending', 'descending']) })

/** Lines, bars or areas of a chart: one value per label, `null` where there is none. */
export const chartSeries = s.pipe(
  s.array(
    s.object({
      name: label,
      values: s.pipe(s.array(s.nullable(number)), s.maxLength(500)),
    }),
  ),
  s.maxLength(6),
)

export const chartLabels = s.pipe(s.array(s.pipe(s.string(), s.maxLength(100))), s.maxLength(500))
