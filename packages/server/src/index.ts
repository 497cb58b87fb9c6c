export {
  type Actor,
  type CallContext,
  defineConfig,
  type HostServices,
  type PluginStorage,
  type ProviderTable,
  type ServerConfig,
} from './config.ts'
export { createServer, type MortiseServer, type ServerInternals } from './create-server.ts'
export type { DeliveryPolicy } from './deliveries/policy.ts'
export type { PublishLimits } from './event-log.ts'
export type { LogSink, PluginLogLine } from './log.ts'
export type { IdentifyPerson, Identity, PersonRequest } from './people/identity.ts'
export { type PluginPackage, packageLimits, readPackageFolder, readPackageZip } from './plugin-package.ts'
export type { RingInput, RingResult, Rings, RingTrace } from './rings/rings.ts'
export { type LogLevel, readSettings, type Settings } from './settings.ts'
