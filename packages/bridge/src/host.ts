export { createHostBridge } from './host-bridge.ts'
export { PacedQueue } from './paced-queue.ts'
export type { ViolationReason } from './read-request.ts'
export { transfer } from './transfer.ts'
export type {
  BoundMethod,
  BridgeLimits,
  BridgePort,
  BridgeStats,
  CallObserver,
  DeniedMethod,
  HostBridge,
  HostBridgeOptions,
  MethodMap,
} from './types.ts'
