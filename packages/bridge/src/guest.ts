export { createGuestBridge } from './guest-bridge.ts'
export type { BridgePort, GuestBridge } from './types.ts'
