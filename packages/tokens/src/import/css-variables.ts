import { generate, parse, tokenize, tokenTypes, walk } from 'css-tree'
import { converter } from 'culori'
import { toLibrary } from '../color/convert.ts'
import { customProperty } from '../css.ts'
import { baseTokenPaths } from '../names.ts'
import { printToken } from '../print-value.ts'
import type { Mode } from '../theme.ts'
import type { Diagnostic, Token } from '../types.ts'
import { readForRole } from './css-value.ts'
import { createDraft, finishDraft, type Imported, type Mapping } from './imported.ts'
import { cssTable } from './tables.ts'

/** Custom properties as a style sheet sets them. */
interface Sheet {
  readonly both: Map<string, Found>
  readonly light: Map<string, Found>
  readonly dark: Map<string, Found>
}

interface Found {
  readonly text: string
  readonly line: number
  readonly column: number
}

export interface CssImportOptions {
  /** Name for diagnostics. */
  readonly file?: string | undefined
  /** Custom property by token path, for names the tables do not know. Goes before the tables. */
  readonly roles?: Readonly<Record<string, string>> | undefined
}

const maxLength = 1024 * 1024
const maxVariables = 5_000
const maxDepth = 100
const maxSelector = 1_000

/**
 * Custom properties of a style sheet as a theme: shadcn/ui, Tailwind 4
 * (`@theme`) and front ends with names of their own.
 *
 * @remarks
 * What stands under `.dark`, `[data-theme=dark]` or `prefers-color-scheme:
 * dark` is the dark mode. References between variables are followed. Rules and
 * everything else in the sheet are left alone.
 */
export function importCssVariables(text: string, options: CssImportOptions = {}): Imported {
  const { file = 'variables.css', roles = {} } = options
  const diagnostics: Diagnostic[] = []
  const sheet = readSheet(text, file, diagnostics)
  const draft = createDraft()
  const mapping: Mapping[] = []
  const taken = new Set<string>()

  for (const path of baseTokenPaths) {
    const own = Object.hasOwn(roles, path) ? roles[path] : undefined
    const names = [...(own === undefined ? [] : [own]), ...(cssTable[path] ?? []), customProperty(path)]
    for (const part of ['both', 'light', 'dark'] as const) {
      const name = names.find((candidate) => sheet[part].has(candidate) || sheet.both.has(candidate))
      const found = name === undefined ? undefined : (sheet[part].get(name) ?? sheet.both.get(name))
      if (name === undefined || !found) continue
      const value = follow(sheet, part, found.text)
      // A variable that is set once still differs by mode when one it refers to does.
      if (!sheet[part].has(name) && value === follow(sheet, 'both', found.text)) continue
      const read = value === undefined ? undefined : readForRole(path, value)
      taken.add(name)
      if (!read) {
        diagnostics.push({
          code: 'TOKEN_INVALID',
          pointer: `/${name}`,
          message: `Not a value that ${path} can have.`,
          file,
          line: found.line,
          column: found.column,
          hint: 'Write the value itself: calc(), url() and unknown variables are not read.',
        })
        continue
      }
      draft[part].set(path, read.value)
      const mode = part === 'both' ? undefined : part
      mapping.push({ from: name, to: path, ...(mode && { mode }), ...(read.channels && { channels: true }) })
    }
  }
  const all = new Set([...sheet.both.keys(), ...sheet.light.keys(), ...sheet.dark.keys()])
  return {
    source: finishDraft(draft, `${file.replace(/\.css$/, '')}.tokens.json`),
    diagnostics,
    mapping,
    unmapped: [...all].filter((name) => !taken.has(name)),
  }
}

/**
 * The way back: a rule that sets a front end's own custom properties from
 * ours, so that its CSS follows the theme unchanged. Put it after its sheet.
 *
 * @param tokens - Needed for variables that hold bare channels: those get the
 *   numbers of these tokens, since `var()` cannot take a color apart.
 * @param selector - Written as is: comes from the caller's own code, never from a file.
 */
export function bridgeCss(
  mapping: readonly Mapping[],
  tokens?: ReadonlyMap<string, Token>,
  selector = ':root',
): string {
  const lines = new Map<string, string>()
  for (const { from, to, channels } of mapping) {
    if (lines.has(from) || !/^--[\w-]+$/.test(from)) continue
    const token = tokens?.get(to)
    if (!channels) lines.set(from, `var(${customProperty(to)})`)
    else if (token?.type === 'color') lines.set(from, printChannels(token))
  }
  return `${selector}{${[...lines].map(([name, value]) => `${name}:${value}`).join(';')}}\n`
}

const toHsl = converter('hsl')

function printChannels(token: Token & { type: 'color' }): string {
  const color = toHsl(toLibrary(token.value))
  if (!color) return printToken(token)[0]![1]
  const percent = (part: number) => `${Number((part * 100).toFixed(2))}%`
  return `${Number((color.h ?? 0).toFixed(2))} ${percent(color.s)} ${percent(color.l)}`
}

function readSheet(text: string, file: string, diagnostics: Diagnostic[]): Sheet {
  const sheet: Sheet = { both: new Map(), light: new Map(), dark: new Map() }
  const report = (message: string, line: number, column: number) => {
    if (diagnostics.length < 50)
      diagnostics.push({ code: 'TOKEN_FILE_INVALID', pointer: '', message, file, line, column })
  }
  if (text.length > maxLength) {
    report('The file is larger than 1 MiB.', 1, 1)
    return sheet
  }
  if (deepest(text) > maxDepth) {
    report(`Blocks are nested deeper than ${maxDepth}.`, 1, 1)
    return sheet
  }
  const root = parse(text, {
    positions: true,
    parseCustomProperty: false,
    parseValue: false,
    // Tools add at-rules of their own; only their text is looked at.
    parseAtrulePrelude: false,
    parseRulePrelude: false,
    onParseError: ({ message, line, column }) => report(message, line, column),
  })
  let count = 0
  walk(root, {
    visit: 'Declaration',
    enter(node) {
      if (!/^--[\w-]{1,100}$/.test(node.property) || ++count > maxVariables) return
      const selector = this.rule ? generate(this.rule.prelude) : ''
      const conditions = this.atrule?.prelude ? generate(this.atrule.prelude) : ''
      const part =
        selector.length + conditions.length > maxSelector ? undefined : partOf(selector, conditions)
      const { line = 1, column = 1 } = node.loc?.start ?? {}
      const text = node.value.type === 'Raw' ? node.value.value : generate(node.value)
      if (part) sheet[part].set(node.property, { text, line, column })
    },
  })
  return sheet
}

/** Counts with the tokenizer of the parser itself, so that no comment or string can hide braces from one of the two. */
function deepest(text: string): number {
  let depth = 0
  let most = 0
  tokenize(text, (type) => {
    if (type === tokenTypes.LeftCurlyBracket) depth++
    else if (type === tokenTypes.RightCurlyBracket) depth = Math.max(0, depth - 1)
    most = Math.max(most, depth)
  })
  return most
}

/** Which mode a rule is for; undefined for rules that are about parts of a page. */
function partOf(selector: string, conditions: string): 'both' | Mode | undefined {
  const where = `${selector} ${conditions}`
  const whole =
    selector === '' ||
    /(^|,)\s*(:root|:host|html|body|\*|[.[][^,\s>+~]*(dark|light)[^,\s>+~]*)/i.test(selector)
  if (!whole) return undefined
  if (/prefers-color-scheme:\s*dark|[.="'-]dark\b/i.test(where) && !/:not\([^)]*dark/i.test(where))
    return 'dark'
  return /prefers-color-scheme:\s*light|[.="'-]light\b/i.test(where) && !/:not\([^)]*light/i.test(where)
    ? 'light'
    : 'both'
}

/** Most references followed for one variable, so that none can grow without end. */
const maxFollowed = 50

/** Replaces `var(--x)` by what `--x` is in this mode; undefined where that leads nowhere. */
function follow(sheet: Sheet, part: 'both' | Mode, text: string): string | undefined {
  let value = text.trim()
  for (let i = 0; i <= maxFollowed && value.length <= 4_000; i++) {
    const match = /var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)/.exec(value)
    if (!match) return value
    const target = sheet[part].get(match[1]!)?.text ?? sheet.both.get(match[1]!)?.text ?? match[2]
    if (target === undefined) return undefined
    value = value.replace(match[0], () => target.trim())
  }
  return undefined
}
