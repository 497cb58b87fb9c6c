export { createGuestBridge } from './guest-bridge.ts'
export { transfer } from './transfer.ts'
export type { BridgePort, GuestBridge } from './types.ts'
