import { type ChildProcess, fork } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { MortiseError } from '@mortise/contract'
import { readChildMessage } from './child-message.ts'
import { guestBundle } from './guest-bundle.ts'
import { lowerPriority } from './lower-priority.ts'
import type { ChildMessage, ParentMessage } from './wire.ts'

/** Who receives the messages of one sandbox. */
export interface SandboxListener {
  onMessage(message: Extract<ChildMessage, { key: number }>): void
  /** The process is gone. Whoever is to blame was told by an `ended` message before. */
  onProcessExit(): void
}

/** A child process that holds isolates. */
export class RunnerProcess {
  readonly pid: number
  /** Whether it holds plugins with a strike, at a lower priority. */
  readonly isForSuspects: boolean
  readonly #child: ChildProcess
  readonly #listeners = new Map<number, SandboxListener>()
  readonly #exited: Promise<void>
  #isAlive = true

  private constructor(child: ChildProcess, onExit: () => void, isForSuspects: boolean) {
    this.#child = child
    this.isForSuspects = isForSuspects
    this.pid = child.pid ?? -1
    this.#exited = new Promise((resolve) => {
      // Messages that were written before the end are still in the pipe.
      child.once('exit', () => setImmediate(resolve))
    })
    this.#exited.then(() => this.#abandon(onExit))
    child.on('error', () => child.kill('SIGKILL'))
    child.on('message', (received) => {
      const message = readChildMessage(received)
      if (!message || message.type === 'dying') this.#abandon(onExit)
      else if (message.type !== 'ready') this.#listeners.get(message.key)?.onMessage(message)
    })
  }

  /** Tells everybody once that this process is of no more use. */
  #abandon(onExit: () => void): void {
    if (!this.#isAlive) return
    this.#isAlive = false
    this.#child.kill('SIGKILL')
    for (const listener of [...this.#listeners.values()]) listener.onProcessExit()
    this.#listeners.clear()
    onExit()
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** Starts a child that is ready to load plugins. */
  static async start(onExit: () => void, isForSuspects = false): Promise<RunnerProcess> {
    const bundle = await guestBundle()
    const addon = findAddon()
    const child = fork(join(import.meta.dirname, 'child', 'main.ts'), [], {
      env: childEnvironment,
      execArgv: lockedNodeFlags(),
      cwd: import.meta.dirname,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const running = new RunnerProcess(child, onExit, isForSuspects)
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new MortiseError('INTERNAL', 'A runner child ended while starting')))
      child.once('message', () => resolve())
      running.send({ type: 'start', ...bundle, addon })
    })
    if (isForSuspects) lowerPriority(running.pid)
    return running
  }

  listen(key: number, listener: SandboxListener): void {
    this.#listeners.set(key, listener)
  }

  unlisten(key: number): void {
    this.#listeners.delete(key)
  }

  send(message: ParentMessage): void {
    // A child that just died has a closed channel; its exit event tells everybody.
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  /** Ends the process. Resolves when it is gone. */
  kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    return this.#exited
  }
}

/**
 * Nothing of the parent's. With a pool of its own for each thread, glibc's allocator keeps a tenth more memory
 * than the isolates of a child need; other allocators do not read this.
 */
const childEnvironment = { MALLOC_ARENA_MAX: '1' }

/**
 * Node's flags for a child: no files but its own code and the engine addon, no
 * processes, no threads, no inspector. The permission model leaves network and
 * signals open, which is why a child gets no address, name or secret of anything.
 */
export function lockedNodeFlags(): string[] {
  return [
    '--no-node-snapshot',
    '--no-warnings',
    '--permission',
    '--allow-addons',
    ...[import.meta.dirname, findAddon()].map((path) => `--allow-fs-read=${realpathSync(path)}`),
  ]
}

/** The file of the native addon, so that the child needs to read nothing else of its package. */
function findAddon(): string {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('isolated-vm')
  const build = createRequire(entry)('node-gyp-build') as { resolve(folder: string): string }
  return realpathSync(build.resolve(dirname(entry)))
}
