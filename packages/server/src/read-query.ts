import { MortiseError } from '@mortise/contract'

/** A whole number of a query string. @throws `INPUT_INVALID`. */
export function readWhole(
  name: string,
  text: string | undefined,
  { fallback, low, high }: { readonly fallback: number; readonly low: number; readonly high: number },
): number {
  const value = Number(text ?? fallback)
  if (Number.isInteger(value) && value >= low && value <= high) return value
  throw refuse(name, `must be a whole number from ${low} to ${high}.`)
}

/** One of some words, `undefined` where it is left out. @throws `INPUT_INVALID`. */
export function readPicked<const T extends string>(
  name: string,
  text: string | undefined,
  words: readonly T[],
): T | undefined {
  if (text === undefined) return undefined
  const word = words.find((candidate) => candidate === text)
  if (word !== undefined) return word
  throw refuse(name, `must be one of ${words.join(', ')}.`)
}

/** A parameter of a query string that was refused. */
export function refuse(name: string, problem: string): MortiseError {
  return new MortiseError('INPUT_INVALID', `${name} ${problem}`, {
    data: { issues: [{ pointer: `/${name}`, message: problem }] },
  })
}
