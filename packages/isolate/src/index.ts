export { isPublicAddress } from './address.ts'
export { createGuardedAgent, type GuardedAgentOptions, type ResolveHost } from './guarded-agent.ts'
export {
  createGuardedFetch,
  type FetchContact,
  type GuardedFetch,
  type GuardedFetchOptions,
  type GuardedRequest,
} from './guarded-fetch.ts'
export type { IsolateHost } from './guest/runtime.ts'
export { HostList } from './host-list.ts'
export { defaultLimits } from './limits.ts'
export { createRunnerPool } from './pool.ts'
export type {
  LoadedPlugin,
  PluginAnswer,
  PluginRequest,
  PluginSpec,
  PluginUsage,
  RunnerLog,
  RunnerPool,
  RunnerPoolOptions,
  SandboxCall,
  SandboxFetch,
  SandboxObserver,
} from './types.ts'
export type { PluginLimits } from './wire.ts'
