import { MortiseError } from '@mortise/contract'
import type { Host, HostOptions } from './types.ts'

/** Makes the engine. Nothing runs before `start`. */
export function createHost(_options: HostOptions): Host {
  throw new MortiseError('INTERNAL', 'The engine is not built yet.')
}
