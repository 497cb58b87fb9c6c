import type { PluginLimits } from './wire.ts'

/** Limits of a plugin where nobody says otherwise. */
export const defaultLimits: PluginLimits = {
  memoryMb: 64,
  cpuMsPerSlice: 250,
  backgroundCpuMsPerSecond: 100,
  callTimeoutMs: 5_000,
  loadTimeoutMs: 5_000,
  fetchTimeoutMs: 10_000,
  fetchBodyBytes: 10 * 1024 * 1024,
  answerBytes: 10 * 1024 * 1024,
  openRequests: 64,
  openFetches: 16,
  messagesPerSecond: 5_000,
  messageLength: 1024 * 1024,
}
