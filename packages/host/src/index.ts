export type { Backend, Connection, FeedListener } from './backend.ts'
export { createHost } from './create-host.ts'
export { createHttpBackend, type HttpBackendOptions } from './http-backend.ts'
export type {
  Host,
  HostOptions,
  HostState,
  LogLine,
  Mount,
  MountState,
  SlotWidget,
  Timing,
} from './types.ts'
