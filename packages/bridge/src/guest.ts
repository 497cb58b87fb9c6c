export type { BridgePort, GuestBridge } from './types.ts'
