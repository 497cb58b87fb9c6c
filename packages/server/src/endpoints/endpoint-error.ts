import { MortiseError, toErrorRecord } from '@mortise/contract'

/** What whoever asked is told: nothing of the plugin's own words, which go to its log. */
export function toEndpointError(thrown: unknown, plugin: string): MortiseError {
  const { code, data } = toErrorRecord(thrown)
  const { code: inner } = (data ?? {}) as { code?: unknown }
  if (code === 'PLUGIN_TIMEOUT')
    return new MortiseError('PLUGIN_TIMEOUT', `${plugin} did not answer in time.`)
  if (code === 'PLUGIN_THREW' && inner === 'PAYLOAD_TOO_LARGE') {
    return new MortiseError('PLUGIN_ANSWER_INVALID', `The answer of ${plugin} is too large.`)
  }
  if (code === 'PLUGIN_THREW') return new MortiseError('PLUGIN_THREW', `${plugin} failed to answer.`)
  if (code === 'PLUGIN_ANSWER_INVALID') {
    return new MortiseError('PLUGIN_ANSWER_INVALID', `The answer of ${plugin} cannot be passed on.`)
  }
  if (code === 'PLUGIN_NOT_RUNNING') return unavailable(`${plugin} does not run now.`)
  if (code === 'PLUGIN_CRASHED' || code === 'PLUGIN_MEMORY' || code === 'PLUGIN_LOAD_FAILED') {
    return new MortiseError(
      code === 'PLUGIN_LOAD_FAILED' ? 'PLUGIN_UNAVAILABLE' : code,
      `${plugin} was stopped.`,
    )
  }
  return thrown instanceof MortiseError
    ? thrown
    : new MortiseError('INTERNAL', 'The request failed.', { cause: thrown })
}

export function unavailable(message: string): MortiseError {
  return new MortiseError('PLUGIN_UNAVAILABLE', message)
}
