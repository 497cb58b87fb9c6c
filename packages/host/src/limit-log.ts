import type { LogLine } from './types.ts'

/** Log lines of one guest in one second. */
const maxLines = 50

/** Passes log lines on at a rate a person could still read. */
export function limitLog(write: (line: LogLine) => void): (line: LogLine) => void {
  let second = 0
  let lines = 0
  return (line) => {
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) {
      second = now
      lines = 0
    }
    if (++lines <= maxLines) write(line)
    else if (lines === maxLines + 1) {
      const message = `More than ${maxLines} lines in a second: the rest of this second is left out.`
      write({ level: 'warn', message })
    }
  }
}
