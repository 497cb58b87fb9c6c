/** Runs in the sandboxed document of a frame plugin. */
import { bootFrame } from '@mortise/sdk/boot'
import { sharedModules } from './shared.ts'

void bootFrame({ shared: sharedModules })
