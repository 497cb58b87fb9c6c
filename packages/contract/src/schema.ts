/**
 * The one schema library, seen only here. The rest of the workspace takes
 * these names, or any Standard Schema where outsiders bring their own.
 */
import * as v from 'valibot'
import type { Issue } from './errors.ts'
import type { Result } from './result.ts'

/** Schema builders. The same names as in Valibot, listed so that bundles stay small. */
export const s = {
  any: v.any,
  array: v.array,
  boolean: v.boolean,
  bytes,
  check: v.check,
  description: v.description,
  dictionary,
  finite: v.finite,
  integer: v.integer,
  isoTimestamp: v.isoTimestamp,
  lazy: v.lazy,
  literal: v.literal,
  looseObject: v.looseObject,
  maxLength: v.maxLength,
  maxValue: v.maxValue,
  minLength: v.minLength,
  minValue: v.minValue,
  null: v.null,
  nullable: v.nullable,
  number: v.number,
  object: v.object,
  optional: v.optional,
  picklist: v.picklist,
  pipe: v.pipe,
  regex: v.regex,
  strictObject: v.strictObject,
  string: v.string,
  transform: v.transform,
  tuple: v.tuple,
  undefined: v.undefined,
  union: v.union,
  unknown: v.unknown,
  variant: v.variant,
  void: v.void,
} as const

/**
 * An object with any keys and values of one schema. Unlike a bare record it
 * refuses arrays, and `__proto__` and its like are dropped.
 */
function dictionary<S extends v.GenericSchema>(value: S) {
  return v.pipe(
    v.custom<Record<string, v.InferInput<S>>>(
      (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
      'must be an object',
    ),
    v.record(v.string(), value),
  )
}

/** Raw bytes. They cross to the isolate as they are, and never travel as JSON. */
function bytes() {
  return v.pipe(v.instance(Uint8Array, 'must be bytes'), v.title('Uint8Array'))
}

/** Any synchronous schema. */
export type Schema<T = unknown> = v.GenericSchema<unknown, T>

/** The type a schema parses to. */
export type Infer<S extends v.GenericSchema> = v.InferOutput<S>

/** The type a schema accepts, before defaults are filled in. */
export type InferInput<S extends v.GenericSchema> = v.InferInput<S>

/** Parses outside data. The value returned is the parsed one, with unknown keys handled as the schema says. */
export function parse<S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  file?: string,
): Result<v.InferOutput<S>> {
  const result = v.safeParse(schema, input)
  if (result.success) return { ok: true, value: result.output }
  return {
    ok: false,
    issues: result.issues.map(
      (issue): Issue => ({
        file,
        pointer: (issue.path ?? []).map((item) => `/${escapePointer(String(item.key))}`).join(''),
        message: issue.message,
      }),
    ),
  }
}

/** Escapes one reference token of a JSON pointer (RFC 6901 §3). */
export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}
