import { type CommandError, describeError } from './describe-error.ts'
import { plain, printableJson } from './terminal.ts'

/** Where a command's words go. With `--json` standard output holds one JSON value and nothing else. */
export interface Output {
  readonly json: boolean
  /** Whether a person is there to answer questions. */
  readonly interactive: boolean
  /** A sentence on the way; nothing where it is empty. Silent with `--json`. */
  say(text: string): void
  /** The outcome: `value` with `--json`, else `text`. */
  result(value: unknown, text: string): void
  fail(thrown: unknown): CommandError
}

export function createOutput(json: boolean): Output {
  return {
    json,
    interactive: !json && process.stdin.isTTY === true && process.stdout.isTTY === true,
    say(text) {
      if (!json && text !== '') console.log(text)
    },
    result(value, text) {
      console.log(json ? printableJson(value, 2) : text)
    },
    fail(thrown) {
      const error = describeError(thrown)
      if (json) {
        console.log(printableJson({ error }, 2))
      } else {
        console.error(`${error.code}: ${error.message.split('\n').map(plain).join('\n')}`)
        for (const { file, pointer, message } of error.issues ?? []) {
          console.error(`  ${plain(`${file ?? ''}#${pointer}`)} ${plain(message)}`)
        }
        if (error.advice) console.error(error.advice)
      }
      return error
    },
  }
}
