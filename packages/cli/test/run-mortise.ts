import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The command's own file. */
export const command = join(import.meta.dirname, '../bin/mortise.mjs')

/** The host that the tests administer. */
export const config = join(import.meta.dirname, 'host/mortise.config.ts')

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** What standard input brings. Without it, it is empty. */
  readonly input?: string
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[]
}

/** Runs the real command in a process of its own, with nobody at the keyboard. */
export function runMortise(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  })
  child.stdin.end(options.input)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}
