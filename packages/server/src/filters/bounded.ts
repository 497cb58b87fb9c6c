import { MortiseError } from '@mortise/contract'

/**
 * Waits for a plugin no longer than `ms`, whatever holds it up.
 *
 * @throws `PLUGIN_TIMEOUT`, or what `work` rejects with.
 */
export async function bounded<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new MortiseError('PLUGIN_TIMEOUT', 'The plugin did not answer in time.')),
      ms,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
