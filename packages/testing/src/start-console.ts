import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface StartConsoleOptions {
  /** The `mortise` command's file: `packages/cli/bin/mortise.mjs`. */
  readonly command: string
  /** The host's `mortise.config.ts`. */
  readonly config: string
  /** Added to the environment of the server. `MORTISE_PORT` and `MORTISE_DATA_DIR` are set where not given. */
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds the server may take to listen. 30 s by default. */
  readonly timeoutMs?: number
}

/** A backend with its console in a process of its own. */
export interface RunningConsole extends AsyncDisposable {
  readonly url: string
  /** Signs the visitor in as administrator. */
  readonly signInUrl: string
  readonly adminToken: string
  /** Environment under which the `mortise` command talks to this server. */
  readonly env: Readonly<Record<string, string>>
  readonly dataDir: string
  readonly pid: number
  /** What the server wrote so far, for messages of failing tests. */
  output(): string
  /** Ends the server as Ctrl-C does and removes the data it made, unless `MORTISE_DATA_DIR` was given. */
  stop(): Promise<void>
}

/**
 * Starts the real backend and console on a random port with an empty data
 * folder. Nothing of it is a fake.
 */
export async function startConsole(options: StartConsoleOptions): Promise<RunningConsole> {
  const given = options.env ?? {}
  const adminToken = given.MORTISE_ADMIN_TOKEN ?? randomBytes(24).toString('base64url')
  const dataDir = given.MORTISE_DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'mortise-test-')))
  const child = spawn(process.execPath, [options.command, 'serve', options.config, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      MORTISE_PORT: '0',
      ...given,
      MORTISE_DATA_DIR: dataDir,
      MORTISE_ADMIN_TOKEN: adminToken,
    },
  })
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // A test that dies must not leave a server behind.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)

  const stop = async () => {
    process.off('exit', kill)
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT')
      const timer = setTimeout(kill, 10_000)
      await exited
      clearTimeout(timer)
    }
    if (!given.MORTISE_DATA_DIR) await rm(dataDir, { recursive: true, force: true })
  }

  const ready = Promise.withResolvers<{ url: string; signInUrl: string }>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    output += `${line}\n`
    const message = readLine(line)
    if (message) ready.resolve(message)
  })
  const fail = (why: string) => ready.reject(new Error(`The console ${why}. It wrote:\n${output}`))
  const timer = setTimeout(() => fail('did not listen in time'), options.timeoutMs ?? 30_000)
  child.once('error', (error) => fail(`did not start: ${error.message}`))
  exited.then(() => fail(`ended with code ${child.exitCode}`))
  try {
    const { url, signInUrl } = await ready.promise
    const env = { MORTISE_URL: url, MORTISE_ADMIN_TOKEN: adminToken, MORTISE_DATA_DIR: dataDir }
    const pid = child.pid!
    return {
      url,
      signInUrl,
      adminToken,
      env,
      dataDir,
      pid,
      output: () => output,
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** `mortise serve --json` prints one line with the addresses once it listens. */
function readLine(line: string): { url: string; signInUrl: string } | undefined {
  try {
    const message: unknown = JSON.parse(line)
    if (typeof message !== 'object' || message === null) return undefined
    const { url, signInUrl } = message as Record<string, unknown>
    return typeof url === 'string' && typeof signInUrl === 'string' ? { url, signInUrl } : undefined
  } catch {
    return undefined
  }
}
