export { transfer } from '@mortise/bridge/host'
export type {
  CallRecord,
  FlightLog,
  HostUsage,
  MethodUsage,
  PluginUsage,
  Verdict,
} from '@mortise/bridge/recorder'
export type { Backend, Connection, FeedListener } from './backend.ts'
export { createHost } from './create-host.ts'
export { unconfinedKey } from './frame-gate.ts'
export type { GuestRecorder } from './guest-recorder.ts'
export { createHttpBackend, type HttpBackendOptions } from './http-backend.ts'
export type { Fallback } from './load-attempts.ts'
export type { Budget, BudgetLevel, Budgets, CostRates, PluginCost } from './plugin-costs.ts'
export { probeConnectionAllowlist } from './probe-browser.ts'
export { builtInScope, scopeAttribute } from './theme-painter.ts'
export type {
  Host,
  HostOptions,
  HostState,
  LogLine,
  Mount,
  MountState,
  SlotWidget,
  ThemeScope,
  ThemeScopeRequest,
  Timing,
} from './types.ts'
