import type { SandboxEnd } from '../wire.ts'

export function timeoutEnd(message: string): SandboxEnd {
  return { code: 'PLUGIN_TIMEOUT', message, strike: true }
}

export function memoryEnd(): SandboxEnd {
  return { code: 'PLUGIN_MEMORY', message: 'The plugin used more memory than its limit', strike: true }
}

export function crashEnd(message: string): SandboxEnd {
  return { code: 'PLUGIN_CRASHED', message, strike: true }
}

/** Reads from an engine error whether the isolate itself is lost, and why. */
export function describeLoss(thrown: unknown): SandboxEnd | undefined {
  const message = thrown instanceof Error ? thrown.message : ''
  if (/memory limit|allocation failed/i.test(message)) return memoryEnd()
  if (/timed out/i.test(message)) return timeoutEnd('The plugin ran for too long without a pause')
  if (/disposed/i.test(message)) return crashEnd('The sandbox of the plugin ended')
  return undefined
}
