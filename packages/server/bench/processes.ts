import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchRow, medianRatio, spread } from '@mortise/testing'

/** Linux counts in hundredths of a second. */
const tickUs = 10_000

export const token = 'token-of-the-benches'

/** A file of this folder, running in a process of its own. */
export interface Running extends AsyncDisposable {
  readonly pid: number
  /** Sends an order and answers what comes back. */
  ask<T>(order: object): Promise<T>
}

export interface RunningServer extends Running {
  readonly url: string
}

export async function run(file: string): Promise<Running> {
  return wrap(fork(join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }))
}

/**
 * Starts a server and waits until it says where it is.
 *
 * @param folder - What its data folder is made in.
 */
export async function serve(file: string, folder: string = tmpdir()): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(folder, 'mortise-bench-'))
  const child = fork(join(import.meta.dirname, file), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      MORTISE_PORT: '0',
      MORTISE_DATA_DIR: dataDir,
      MORTISE_ADMIN_TOKEN: token,
      MORTISE_LOG_LEVEL: 'silent',
    },
  })
  const { url } = await answerOf<{ url: string }>(child)
  const { ask, pid, [Symbol.asyncDispose]: dispose } = wrap(child)
  return {
    url,
    pid,
    ask,
    async [Symbol.asyncDispose]() {
      await dispose()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function wrap(child: ChildProcess): Running {
  return {
    pid: child.pid ?? 0,
    ask<T>(order: object) {
      const answer = answerOf<T>(child)
      child.send(order)
      return answer
    },
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const answer = await new Promise<T & { error?: string }>((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A measuring process ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as T & { error?: string })
    })
  })
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer
}

/** Microseconds of processor time that a process has used. `NaN` where the system does not tell. */
export function processorTime({ pid }: Running): number {
  try {
    // The name in brackets may hold anything, blanks and brackets included.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * tickUs
  } catch {
    return Number.NaN
  }
}

/** A row of rounds in which ours and the peer's took turns. */
export function toRow(
  suite: string,
  name: string,
  peer: string,
  rounds: readonly { readonly ours: number; readonly peers: number }[],
  unit: string,
): BenchRow {
  const ours = rounds.map((round) => round.ours)
  const ratio = medianRatio(
    ours,
    rounds.map(({ peers }) => peers),
  )
  return { suite, case: name, peer, ratio, ...spread(ours), unit }
}
