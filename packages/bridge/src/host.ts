export type { BoundMethod, BridgePort, DeniedMethod, MethodMap } from './types.ts'
