import { digestBlock, type FlightLog, fromHex, packBlock, toHex } from './flight-log.ts'

/** What a check of the chain found. */
export type Verdict =
  | { readonly ok: true; readonly records: number; readonly head: string }
  /** `at` is the number of the first call that cannot be trusted. */
  | { readonly ok: false; readonly at: number; readonly reason: string }

/**
 * Checks that nothing in a log was changed, left out, added or moved.
 *
 * @param head - A digest that was noted before. The log has to contain it.
 */
export async function verifyFlightLog(log: FlightLog, head?: string): Promise<Verdict> {
  if (!globalThis.crypto?.subtle) {
    return { ok: false, at: 0, reason: 'Digests need a secure context, which this page is not.' }
  }
  let before = log.anchor
  let next = log.blocks[0]?.first ?? 0
  let records = 0
  let seen = head === undefined || before === head
  for (const { first, records: calls, digest } of log.blocks) {
    if (first !== next) return { ok: false, at: next, reason: 'Calls are missing.' }
    const packed = packBlock(first, calls.length, (index) => calls[index]!)
    const found = toHex(await digestBlock(fromHex(before), packed))
    if (found !== digest) return { ok: false, at: first, reason: 'Calls do not fit their digest.' }
    before = digest
    next += calls.length
    records += calls.length
    seen ||= digest === head
  }
  if (before !== log.head) return { ok: false, at: next, reason: 'Calls are missing at the end.' }
  if (!seen) return { ok: false, at: next, reason: 'The log does not contain the digest noted before.' }
  return { ok: true, records, head: before }
}
