/**
 * Entry of the bundle that becomes the startup snapshot of each isolate.
 * It leaves one global behind, which the child process takes and deletes
 * before any foreign code runs.
 */
import { define, installShims } from './globals.ts'
import { startRuntime } from './runtime.ts'

installShims()
define({ __mortiseStart: startRuntime })
