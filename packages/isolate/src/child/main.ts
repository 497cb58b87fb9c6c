/**
 * A runner child: holds isolates and relays messages, decides nothing.
 *
 * It runs with an empty environment under Node's permission model. It reads
 * one native addon and nothing else, and has no network use: every request of
 * a plugin goes to the parent.
 */
import { createRequire } from 'node:module'
import type ivm from 'isolated-vm'
import type { ChildMessage, ParentMessage } from '../wire.ts'
import { Sandbox } from './sandbox.ts'

const sandboxes = new Map<number, Sandbox>()
let engine: typeof ivm | undefined
let snapshot: ivm.ExternalCopy<ArrayBuffer> | undefined

function post(message: ChildMessage): void {
  process.send?.(message)
}

process.on('message', (message: ParentMessage) => {
  if (message.type === 'start') start(message.bundle, message.addon)
  else if (message.type === 'load') load(message)
  else if (message.type === 'call') sandboxes.get(message.key)?.call(message)
  else if (message.type === 'settle') sandboxes.get(message.key)?.settle(message)
  else if (message.type === 'dispose') dispose(message.key)
  else if (message.type === 'measure') sandboxes.get(message.key)?.measure()
})

// A hung isolate thread would keep `process.exit` waiting for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

function start(bundle: string, addon: string): void {
  engine = (createRequire(import.meta.url)(addon) as { ivm: typeof ivm }).ivm
  snapshot = engine.Isolate.createSnapshot([{ code: bundle, filename: 'mortise/runtime.js' }])
  post({ type: 'ready' })
}

function load({ key, spec, limits }: Extract<ParentMessage, { type: 'load' }>): void {
  if (!engine || !snapshot) return
  const sandbox = new Sandbox({
    key,
    spec,
    limits,
    engine,
    snapshot,
    post,
    onEnded: () => sandboxes.delete(key),
  })
  sandboxes.set(key, sandbox)
  sandbox.load()
}

function dispose(key: number): void {
  sandboxes.get(key)?.dispose()
  sandboxes.delete(key)
}
