import { declaredNameSchema } from './declared-name.ts'
import type { Issue } from './errors.ts'
import type { Result } from './result.ts'
import { escapePointer, type Infer, s } from './schema.ts'

const title = s.pipe(s.string(), s.minLength(1, 'must not be empty'), s.maxLength(200))
const description = s.optional(s.pipe(s.string(), s.maxLength(500)))

/** Longest text a person may give as an argument, in characters. */
export const longestArgument = 2000

/** Something a command asks whoever runs it for. */
export const commandArgumentSchema = s.pipe(
  s.looseObject({
    name: s.pipe(
      declaredNameSchema,
      s.check((name) => !(name in Object.prototype), 'must not be the name of a property of every object'),
    ),
    title,
    description,
    type: s.picklist(
      ['string', 'number', 'boolean', 'enum'],
      'must be one of string, number, boolean and enum',
    ),
    /** What can be chosen, for the type `enum`. */
    options: s.optional(
      s.pipe(s.array(s.pipe(s.string(), s.minLength(1), s.maxLength(100))), s.minLength(1), s.maxLength(64)),
    ),
    required: s.optional(s.boolean(), false),
  }),
  s.check(
    ({ type, options }) => (type === 'enum') === (options !== undefined),
    'must have options where the type is enum, and only there',
  ),
)
export type CommandArgument = Infer<typeof commandArgumentSchema>

/** A command of server code, as the manifest declares it. */
export const commandSchema = s.looseObject({
  name: declaredNameSchema,
  title,
  description,
  /** What the person who runs it is asked for, in this order. The command gets these and no others. */
  args: s.optional(
    s.pipe(
      s.array(commandArgumentSchema),
      s.maxLength(12),
      s.check(
        (args) => new Set(args.map(({ name }) => name)).size === args.length,
        'must not name an argument twice',
      ),
    ),
    [],
  ),
})

export type CommandValues = Readonly<Record<string, string | number | boolean>>

/** Arguments as given for one command: exactly what it declares, each of the type it says. */
export function parseCommandArgs(
  declared: readonly CommandArgument[],
  given: unknown,
): Result<CommandValues> {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    return { ok: false, issues: [{ pointer: '', message: 'must be an object' }] }
  }
  const values = new Map<string, unknown>(Object.entries(given ?? {}))
  const issues: Issue[] = []
  const parsed: [string, string | number | boolean][] = []
  for (const argument of declared) {
    const value = values.get(argument.name)
    values.delete(argument.name)
    if (value === undefined && !argument.required) continue
    const problem = problemOf(argument, value)
    if (problem !== undefined) issues.push({ pointer: `/${argument.name}`, message: problem })
    else parsed.push([argument.name, value as string | number | boolean])
  }
  for (const name of values.keys()) {
    issues.push({
      pointer: `/${escapePointer(name.slice(0, 64))}`,
      message: 'is not an argument of this command.',
    })
  }
  return issues.length > 0
    ? { ok: false, issues: issues.slice(0, 20) }
    : { ok: true, value: Object.fromEntries(parsed) }
}

function problemOf({ type, options = [], required }: CommandArgument, value: unknown): string | undefined {
  if (value === undefined || (required && value === '')) return 'is required.'
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false.'
  if (type === 'number') return Number.isFinite(value) ? undefined : 'must be a number.'
  if (typeof value !== 'string') return 'must be text.'
  if (type === 'enum') return options.includes(value) ? undefined : `must be one of ${options.join(', ')}.`
  return value.length <= longestArgument
    ? undefined
    : `must not be longer than ${longestArgument} characters.`
}
