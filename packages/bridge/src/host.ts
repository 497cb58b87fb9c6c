export {
  type BridgeLimits,
  type BridgeStats,
  createHostBridge,
  type HostBridge,
  type HostBridgeOptions,
} from './host-bridge.ts'
export { PacedQueue } from './paced-queue.ts'
export type { ViolationReason } from './read-request.ts'
export { transfer } from './transfer.ts'
export type { BoundMethod, BridgePort, CallObserver, DeniedMethod, MethodMap } from './types.ts'
