/**
 * A runner child: holds isolates and relays messages, decides nothing.
 *
 * It runs with nothing of the parent's environment under Node's permission model. It reads
 * one native addon and nothing else, and has no network use: every request of
 * a plugin goes to the parent.
 */
import { createRequire } from 'node:module'
import type ivm from 'isolated-vm'
import { mentionsWeb } from '../guest/web-names.ts'
import type { ChildMessage, ParentMessage } from '../wire.ts'
import { Sandbox } from './sandbox.ts'

const sandboxes = new Map<number, Sandbox>()
const shims = new Map<string, string>()
let engine: typeof ivm | undefined
let web = ''
/** What isolates start with: without the web's part, and with it. */
let snapshots: Record<'small' | 'whole', ivm.ExternalCopy<ArrayBuffer>> | undefined

function post(message: ChildMessage): void {
  process.send?.(message)
}

process.on('message', (message: ParentMessage) => {
  if (message.type === 'start') start(message)
  else if (message.type === 'load') load(message)
  else if (message.type === 'call') sandboxes.get(message.key)?.call(message)
  else if (message.type === 'settle') sandboxes.get(message.key)?.settle(message)
  else if (message.type === 'dispose') dispose(message.key)
  else if (message.type === 'measure') sandboxes.get(message.key)?.measure()
})

// A terminal and a service manager signal the whole group. The parent has plugins say
// goodbye first, and then ends its children itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

// A hung isolate thread would keep `process.exit` waiting for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

function start(message: Extract<ParentMessage, { type: 'start' }>): void {
  const { runtime, addon } = message
  web = message.web
  engine = (createRequire(import.meta.url)(addon) as { ivm: typeof ivm }).ivm
  const runtimeScript = { code: runtime, filename: 'mortise/runtime.js' }
  const webScript = {
    code: `(() => { ${web}\n; globalThis.mortiseWeb = mortiseWeb })()`,
    filename: 'mortise/web.js',
  }
  snapshots = {
    small: engine.Isolate.createSnapshot([runtimeScript]),
    whole: engine.Isolate.createSnapshot([webScript, runtimeScript]),
  }
  post({ type: 'ready' })
}

function load({ key, spec, limits }: Extract<ParentMessage, { type: 'load' }>): void {
  if (!engine || !snapshots) return
  const usesWeb = Object.values(spec.files).some(mentionsWeb)
  const sandbox = new Sandbox({
    key,
    limits,
    engine,
    snapshot: usesWeb ? snapshots.whole : snapshots.small,
    web,
    post,
    onEnded: () => sandboxes.delete(key),
  })
  sandboxes.set(key, sandbox)
  // Not kept: sources are the guest's own from here on.
  sandbox.load({ ...spec, shim: shared(spec.shim) })
}

/** One string for all plugins of a dialect. */
function shared(shim: string): string {
  const known = shims.get(shim) ?? shim
  shims.set(shim, known)
  return known
}

function dispose(key: number): void {
  sandboxes.get(key)?.dispose()
  sandboxes.delete(key)
}
