/** What people try to smuggle through a theme, by kind. */
export const hostileStrings: readonly string[] = [
  'url(https://evil.test/a.png)',
  'URL( "https://evil.test/a" )',
  'u\\72l(https://evil.test/a)',
  '\\75\\72\\6c(//evil.test/a)',
  'url(javascript:alert(1))',
  'url(data:image/svg+xml;base64,PHN2Zz4=)',
  'src("https://evil.test/f.woff2")',
  'image-set("https://evil.test/a.png" 1x)',
  '-webkit-image-set(url(//evil.test/a) 1x)',
  'cross-fade(url(//evil.test/a), red)',
  'image("https://evil.test/a.png")',
  'element(#password)',
  'paint(evil)',
  '@import "https://evil.test/a.css"',
  '@import url(//evil.test)',
  '@font-face{font-family:x;src:url(//evil.test)}',
  '@charset "utf-7"',
  'attr(data-secret)',
  'attr(href type(<url>))',
  'expression(alert(1))',
  'exp/**/ression(alert(1))',
  '-moz-binding:url(//evil.test/x.xml#x)',
  'behavior:url(//evil.test/x.htc)',
  'progid:DXImageTransform.Microsoft.Alpha()',
  'var(--m-color-text-default)',
  'var(--x,url(//evil.test))',
  'env(safe-area-inset-top, url(//evil.test))',
  'calc(100vw * 999)',
  'if(style(--x: 1): red)',
  'inherit(--m-color-text-default)',
  'red}body{display:none',
  'red;}*{background:url(//evil.test)',
  '0;position:fixed;inset:0;z-index:2147483647',
  'red !important',
  '"};body{color:red}"',
  "';}*{color:red}'",
  'a"b',
  "a'b",
  'a\\',
  'a\\22 ;color:red',
  'a\nb:c',
  'a\r\n}b{c:d',
  'a\u0000b',
  'a\u2028}b{',
  'a\fb',
  '</style><script>alert(1)</script>',
  '<!--',
  '-->',
  ']]>',
  '/* comment',
  '*/ red',
  '{{constructor}}',
  '$' + '{alert(1)}',
  'javascript:alert(1)',
  '&quot;;}',
  '\u202Eevil\u202C;',
  'a,url(//evil.test)',
  '#fff;color:red',
  '#fff url(//evil.test)',
  '10px;color:red',
  '10px url(//evil.test)',
  '1s;color:red',
  'solid;color:red',
]

/** Pieces that hostile values are put together from. */
const openers = [
  'url(',
  'URL(',
  'u\\72l(',
  'image-set(',
  '-webkit-image-set(',
  'image(',
  'cross-fade(',
  'src(',
  'attr(',
  'var(',
  'var(--x,',
  'env(',
  'expression(',
  'element(',
  'paint(',
  'if(style(--a): ',
  'calc(',
  'rgb(',
  'oklch(',
  'color-mix(in srgb,',
  'linear-gradient(',
  '@import ',
  '@import url(',
  '@font-face{src:',
  '@property --m-x{',
  '@layer a{',
  '@supports (',
  '@namespace ',
]
const fillers = [
  '//evil.test/a',
  '"https://evil.test/b.png"',
  'https://evil.test/c',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '--m-color-text-default',
  'data-secret type(<url>)',
  '1px',
  '0 0 0',
  '#fff',
  'red',
  'alert(1)',
  '\\0000a9',
  '\\',
  '\n',
  '\u0000',
  '\u2028',
  '/*',
  '*/',
  '<!--',
  '-->',
  '</style>',
  '"',
  "'",
  ';',
  ',',
  ' ',
  '!important',
  'inherit',
  '{',
  '}',
]
const closers = [
  '',
  ')',
  '))',
  '}',
  '};',
  ');',
  '}*{background:url(//evil.test/d)}',
  ';position:fixed;inset:0',
  '}@import "//evil.test/e";',
  '")',
  "')",
  '*/',
  ')}:root{--m-color-text-default:red',
  '!important;',
]

/** A string made to break out of a CSS value, different for each turn of `random`. */
export function hostileString(random: () => number): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!
  const parts: string[] = []
  if (random() < 0.3)
    parts.push(pick(['#fff', '10px', 'Inter', '1', 'solid', '0.5s', '400']), pick([' ', ';', ',', '}', '']))
  for (let i = 0; i <= random() * 3; i++) parts.push(pick(openers), pick(fillers))
  if (random() < 0.5) parts.push(pick(fillers))
  parts.push(pick(closers))
  const text = parts.join('')
  if (random() >= 0.2) return text
  return [...text]
    .map((char) =>
      random() < 0.15 && /[a-z]/i.test(char) ? `\\${char.codePointAt(0)!.toString(16)} ` : char,
    )
    .join('')
}

const hex = '#123456'
const px = { value: 1, unit: 'px' }
const ms = { value: 1, unit: 'ms' }

/** A good value of every type; each string and number in it is a place to attack. */
export const goodValues: Readonly<Record<string, unknown>> = {
  color: { colorSpace: 'oklch', components: [0.5, 0.1, 20], alpha: 1, hex },
  dimension: px,
  fontFamily: ['Inter', 'sans-serif'],
  fontWeight: 400,
  duration: ms,
  cubicBezier: [0.2, 0, 0, 1],
  number: 1,
  strokeStyle: { dashArray: [px], lineCap: 'round' },
  border: { color: hex, width: px, style: 'solid' },
  transition: { duration: ms, delay: ms, timingFunction: [0, 0, 1, 1] },
  shadow: [{ color: hex, offsetX: px, offsetY: px, blur: px, spread: px, inset: false }],
  gradient: [{ color: hex, position: 0 }],
  typography: { fontFamily: 'Inter', fontSize: px, fontWeight: 400, letterSpacing: px, lineHeight: 1.5 },
}

/** The value with `hostile` in place of each leaf, of each branch, and of the whole, one at a time. */
export function* poisoned(value: unknown, hostile: unknown): Generator<unknown> {
  yield hostile
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const bad of poisoned(item, hostile)) yield value.with(i, bad)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const bad of poisoned(item, hostile)) yield { ...value, [key]: bad }
    }
  }
}

/** All that a printed value may consist of: numbers with units, known functions, known words, quoted names. */
const number = String.raw`-?\d+(?:\.\d+)?`
const piece = String.raw`(?:${number}(?:px|rem|em|ms|s|%)?|none|inset|solid|dashed|dotted|double|groove|ridge|outset|srgb|srgb-linear|display-p3|a98-rgb|prophoto-rgb|rec2020|xyz-d65|xyz-d50|"[\p{L}\p{N}_. -]+"|serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-serif|ui-sans-serif|ui-monospace|ui-rounded|math|emoji|-apple-system|light|dark)`
const call = String.raw`(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|cubic-bezier)\(${piece}(?:,? ${piece}| / ${number})*\)`
const value = `(?:${piece}|${call})(?:,? (?:${piece}|${call}))*`
export const harmless = new RegExp(`^${value}$`, 'u')
/** Names of declarations that a theme may have. */
export const harmlessName = /^(?:--m-[\w-]+|color-scheme)$/

const declaration = `(?:--m-[\\w-]+:(?:Canvas|CanvasText|Highlight|HighlightText|LinkText)!important|(?:--m-[\\w-]+|color-scheme):${value})`
const selector = String.raw`:root(?::not\(\[[\w-]+=[\w-]+\]\)|\[[\w-]+=[\w-]+\])*`
const themeRule = `${selector}\\{${declaration}(?:;${declaration})*\\}\n`
const media = String.raw`@media \([\w-]+: [\w-]+\)(?: and \([\w-]+: [\w-]+\))*`

/** A whole theme stylesheet: rules for the root element, alone or under a preference, that only set our properties. */
export const harmlessSheet = new RegExp(`^(?:${themeRule}|${media}\\{${themeRule}\\})*$`, 'u')
