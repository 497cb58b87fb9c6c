import { type Infer, parse, type Schema, unwrap } from '@mortise/contract'

/** The parsed body. @throws `INPUT_INVALID` with a pointer for each issue. */
export function readBody<S extends Schema>(schema: S, body: unknown): Infer<S> {
  return unwrap(parse(schema, body ?? {}), 'INPUT_INVALID', 'The body was refused')
}
