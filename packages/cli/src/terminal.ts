import { styleText } from 'node:util'
import type { Risk } from '@mortise/contract'

/**
 * A text of a plugin, safe to print: without the control characters that move the
 * cursor or rewrite lines, and without those that turn the reading direction.
 */
export function plain(text: unknown): string {
  return String(text)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
}

/** JSON that is safe to print: what a terminal could take for a command is escaped. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Rows in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const riskColors = { low: 'green', medium: 'yellow', high: 'red' } as const

/** The word for a risk, never the color alone. */
export function riskWord(risk: Risk): string {
  return styleText(riskColors[risk], risk.padEnd(6), { stream: process.stdout })
}
