/** JSON and JSONC with positions, read as far as it means something. */
import {
  createScanner,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { maxFileLength } from '../read-source.ts'
import type { Diagnostic } from '../types.ts'

/** A text that was read, and where its parts stand. */
export interface LocatedText {
  /** What the text says, or undefined where nothing of it could be read. Objects have no prototype. */
  readonly value: unknown
  /** Faults of the text itself, with line and column. */
  readonly diagnostics: readonly Diagnostic[]
  /** Place of a JSON pointer, or of the nearest thing around it that exists. Lines and columns start at 1. */
  positionOf(pointer: string): { readonly line: number; readonly column: number }
}

/** Deepest nesting read, so that no text can exhaust the stack. */
const maxDepth = 200
/** Most faults reported of one text. */
const maxFaults = 50

/**
 * Reads JSON with comments and trailing commas, and repairs what it can: a
 * missing comma, brace or value costs the smallest part around it.
 */
export function parseText(text: string, file?: string): LocatedText {
  const diagnostics: Diagnostic[] = []
  const starts = lineStarts(text)
  const report = (offset: number, message: string, hint?: string, pointer = '') => {
    if (diagnostics.length >= maxFaults) return
    diagnostics.push({ code: 'TOKEN_FILE_INVALID', pointer, message, file, ...place(offset), hint })
  }
  if (text.length > maxFileLength) {
    report(0, 'The file is larger than 1 MiB.', 'Split it and name the parts in a resolver document.')
    return { value: undefined, diagnostics, positionOf: () => place(0) }
  }
  const json = text.replace(/^\uFEFF/, ' ')
  const tooDeep = depthFault(json)
  if (tooDeep !== undefined) {
    report(tooDeep, `Nested deeper than ${maxDepth}.`)
    return { value: undefined, diagnostics, positionOf: () => place(0) }
  }

  const errors: ParseError[] = []
  const tree = parseTree(json, errors, { allowTrailingComma: true })
  for (const { error, offset } of errors) {
    const [message, hint] = faults[printParseErrorCode(error)] ?? ['Not JSON from here.']
    report(offset, message, hint)
  }
  if (tree) reportRepeated(tree, '')
  return { value: tree && getNodeValue(tree), diagnostics, positionOf }

  function positionOf(pointer: string) {
    let at = tree
    for (const name of pointer.split('/').slice(1)) {
      const next = at && childOf(at, name.replaceAll('~1', '/').replaceAll('~0', '~'))
      if (!next) break
      at = next
    }
    // A whole token or group is shown at its name, a value at the value.
    const named = at?.type === 'object' && at.parent?.type === 'property' ? at.parent : at
    return place(named?.offset ?? 0)
  }

  function place(offset: number) {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - starts[low]! + 1 }
  }

  function reportRepeated(node: Node, pointer: string): void {
    const seen = new Set<unknown>()
    for (const [i, child] of (node.children ?? []).entries()) {
      if (node.type === 'array') reportRepeated(child, `${pointer}/${i}`)
      const [key, value] = child.children ?? []
      if (node.type !== 'object' || !key) continue
      const at = `${pointer}/${String(key.value).replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (seen.has(key.value))
        report(key.offset, 'The name is there twice; the last one holds.', undefined, at)
      seen.add(key.value)
      if (value) reportRepeated(value, at)
    }
  }
}

const faults: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  CommaExpected: ['A comma is missing before this.', 'Put a comma after the value before.'],
  ColonExpected: ['A colon is missing after the name.'],
  ValueExpected: ['A value is missing.'],
  PropertyNameExpected: ['A name in double quotes is missing.', 'Write names as "name".'],
  CloseBraceExpected: ['A closing brace } is missing.'],
  CloseBracketExpected: ['A closing bracket ] is missing.'],
  EndOfFileExpected: ['There is more after the end of the document.', 'One file holds one JSON object.'],
  InvalidSymbol: ['Not a JSON value.', 'Text stands in double quotes.'],
  InvalidNumberFormat: ['Not a JSON number.', 'Write 0.5 and not .5, and no leading zeros.'],
  UnexpectedEndOfString: ['The text has no closing quote.'],
  UnexpectedEndOfComment: ['The comment has no end.'],
  InvalidUnicode: ['Not a Unicode escape.'],
  InvalidEscapeCharacter: ['Not an escape of JSON.'],
  InvalidCharacter: ['A character that JSON does not allow here.'],
}

/** The last child of a name: the one that holds. */
function childOf(node: Node, name: string): Node | undefined {
  if (node.type === 'array') return /^\d+$/.test(name) ? node.children?.[Number(name)] : undefined
  if (node.type !== 'object') return undefined
  return node.children?.findLast((property) => property.children?.[0]?.value === name)?.children?.[1]
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  return starts
}

/** Uses the scanner of the parser itself, so that no comment or quote can hide brackets from one of the two. */
function depthFault(text: string): number | undefined {
  const scanner = createScanner(text, true)
  let depth = 0
  for (let kind = scanner.scan(); kind !== SyntaxKind.EOF; kind = scanner.scan()) {
    if (kind === SyntaxKind.OpenBraceToken || kind === SyntaxKind.OpenBracketToken) depth++
    else if (kind === SyntaxKind.CloseBraceToken || kind === SyntaxKind.CloseBracketToken) depth--
    if (depth > maxDepth) return scanner.getTokenOffset()
  }
  return undefined
}

/** Kinds of the scanner's tokens that count; the library has them as a const enum. */
const SyntaxKind = {
  OpenBraceToken: 1,
  CloseBraceToken: 2,
  OpenBracketToken: 3,
  CloseBracketToken: 4,
  EOF: 17,
} as const
