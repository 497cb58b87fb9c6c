/**
 * Schema builders. The same names as in Valibot, listed so that nobody uses others by accident, and as a module of
 * exports so that a bundle holds those it uses.
 */
import * as v from 'valibot'

export {
  any,
  array,
  boolean,
  check,
  description,
  finite,
  integer,
  isoTimestamp,
  lazy,
  literal,
  looseObject,
  maxLength,
  maxValue,
  minLength,
  minValue,
  null_ as null,
  nullable,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  strictObject,
  string,
  transform,
  tuple,
  undefined_ as undefined,
  union,
  unknown,
  variant,
  void_ as void,
} from 'valibot'

/**
 * An object with any keys and values of one schema. Unlike a bare record it
 * refuses arrays, and `__proto__` and its like are dropped.
 */
export function dictionary<S extends v.GenericSchema>(value: S) {
  return v.pipe(
    v.custom<Record<string, v.InferInput<S>>>(
      (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
      'must be an object',
    ),
    v.record(v.string(), value),
  )
}

/** Raw bytes. They cross to the isolate as they are, and never travel as JSON. */
export function bytes() {
  return v.pipe(v.instance(Uint8Array, 'must be bytes'), v.title('Uint8Array'))
}
