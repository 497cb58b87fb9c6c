/**
 * The one schema library, seen only here. The rest of the workspace takes
 * these names, or any Standard Schema where outsiders bring their own.
 */
import * as v from 'valibot'
import type { Issue } from './errors.ts'
import type { Result } from './result.ts'

export * as s from './schema-builders.ts'

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
