/** Cursors as texts that sort as the numbers do. */
export function printCursor(cursor: number): string {
  return String(cursor).padStart(12, '0')
}

/** The number behind a cursor text, `undefined` for anything else. */
export function parseCursor(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
