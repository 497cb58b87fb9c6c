import { isObject, own } from '../parse-file.ts'
import type { Diagnostic } from '../types.ts'
import { readForRole } from './css-value.ts'
import { createDraft, finishDraft, type Imported, type Mapping } from './imported.ts'
import { streamspaceTable } from './tables.ts'

/**
 * A StreamSpace theme object as a theme.
 *
 * @remarks
 * Takes data: the module that holds the object is evaluated in the sandbox.
 * Either what the module exports (`{ type: 'theme', theme }`) or the theme.
 * Numbers are px. Looks of single components have no role.
 */
export function importStreamspace(data: unknown, file = 'theme.js'): Imported {
  const diagnostics: Diagnostic[] = []
  const outer = isObject(data) ? own(data, 'theme') : undefined
  const theme = isObject(outer) ? outer : data
  const prefix = theme === outer ? 'theme.' : ''
  const draft = createDraft()
  const mapping: Mapping[] = []
  const leaves = new Map<string, string | number>()
  if (isObject(theme)) collect(theme, [])
  else diagnostics.push({ code: 'TOKEN_FILE_INVALID', pointer: '', message: 'A theme is an object.', file })

  const taken = new Set<string>()
  for (const [path, names] of Object.entries(streamspaceTable)) {
    const name = names.find((candidate) => leaves.has(candidate))
    if (name === undefined) continue
    taken.add(name)
    const read = readForRole(path, textOf(path, leaves.get(name)!))
    if (read) {
      draft.both.set(path, read.value)
      mapping.push({ from: prefix + name, to: path })
    } else report(name, `Not a value that ${path} can have.`)
  }
  scaleSpacing()
  return {
    source: finishDraft(draft, 'theme.tokens.json'),
    diagnostics,
    mapping,
    unmapped: [...leaves.keys()].filter((name) => !taken.has(name)).map((name) => prefix + name),
  }

  function collect(value: Record<string, unknown>, path: readonly string[]): void {
    if (path.length > 6) return
    for (const [name, item] of Object.entries(value)) {
      const at = [...path, name]
      if (isObject(item)) collect(item, at)
      else if ((typeof item === 'string' || typeof item === 'number') && leaves.size < 1_000)
        leaves.set(at.join('.'), item)
    }
  }

  /** Its unit is the usual distance, our `space.2`. */
  function scaleSpacing(): void {
    const name = leaves.has('spacing.unit') ? 'spacing.unit' : 'spacing'
    const given = leaves.get(name)
    const unit = typeof given === 'string' ? Number.parseFloat(given) : given
    if (unit === undefined) return
    taken.add(name)
    if (!(unit > 0 && unit <= 16)) {
      report(name, 'A spacing unit is a number of px up to 16.')
      return
    }
    for (const step of ['1', '2', '3', '4', '5', '6', '8', '10', '12']) {
      const value = (Number(step) * unit) / 2
      draft.both.set(`space.${step}`, { $type: 'dimension', $value: { value, unit: 'px' } })
      mapping.push({ from: prefix + name, to: `space.${step}` })
    }
  }

  function report(name: string, message: string): void {
    const pointer = `/${(prefix + name).replaceAll('.', '/')}`
    diagnostics.push({ code: 'TOKEN_INVALID', pointer, message, file })
  }
}

function textOf(path: string, value: string | number): string {
  const plain = path.startsWith('font.weight.') || path.startsWith('font.lineHeight.')
  return typeof value === 'number' && !plain ? `${value}px` : String(value)
}
