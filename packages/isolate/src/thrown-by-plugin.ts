import { type ErrorCode, MortiseError } from '@mortise/contract'
import { readGuestRecord } from './parse-json.ts'

/**
 * The error that stands for what plugin code threw.
 *
 * `data` holds the plugin's own `name`, `message`, `stack` and `code`, for its
 * author, with the places of its own files. None of them is trusted: the code of the error itself is ours.
 */
export function thrownByPlugin(
  code: ErrorCode,
  plugin: string,
  payload: string | undefined,
  toAuthorsPlaces: (text: string) => string,
): MortiseError {
  const thrown = readGuestRecord(payload)
  const data: Record<string, string> = { name: 'Error', message: 'The plugin failed' }
  for (const key of ['name', 'message', 'stack', 'code']) {
    const value = thrown[key]
    if (typeof value === 'string') data[key] = toAuthorsPlaces(value)
  }
  return new MortiseError(code, `${plugin}: ${data.name}: ${data.message}`, { data, source: 'plugin' })
}
