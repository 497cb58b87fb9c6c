import { readdirSync, readFileSync } from 'node:fs'

interface Usage {
  readonly kilobytes: number
  /** Hundredths of a second of processor time: of all threads, and of the first. */
  readonly ticks: number
  readonly mainTicks: number
}

/** What processes had used at one moment, by number. */
export type Processes = ReadonlyMap<number, Usage>

export interface ProcessCosts {
  /** Megabytes added, shared pages counted in parts (PSS). */
  readonly mb: number | undefined
  /** Milliseconds of processor time. */
  readonly cpuMs: number | undefined
  /** The same, of the one renderer whose first thread was busiest: the page's. */
  readonly pageMs: number | undefined
}

const tickMs = 10

/** Looks at the processes below a process. `undefined` where the system does not tell. */
export function processesBelow(pid: number): Processes | undefined {
  const children = new Map<number, number[]>()
  let entries: string[]
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return undefined
  }
  for (const entry of entries) {
    const parent = Number(statOf(entry)?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const found = new Map<number, Usage>()
  const queue = [...(children.get(pid) ?? [])]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    queue.push(...(children.get(next) ?? []))
    const mainTicks = ticksOf(`${next}/task/${next}`)
    found.set(next, { kilobytes: pssOf(next), ticks: ticksOf(String(next)), mainTicks })
  }
  return found
}

/** What the processes below this one have used since. */
export function costsSince(before: Processes | undefined): ProcessCosts {
  const now = before && processesBelow(process.pid)
  if (!now) return { mb: undefined, cpuMs: undefined, pageMs: undefined }
  let kilobytes = 0
  let ticks = 0
  let mainTicks = 0
  for (const [pid, usage] of now) {
    // A process that ended meanwhile belonged to the page before, and nothing of it counts.
    const known = before.get(pid)
    kilobytes += usage.kilobytes - (known?.kilobytes ?? 0)
    ticks += usage.ticks - (known?.ticks ?? 0)
    mainTicks = Math.max(mainTicks, usage.mainTicks - (known?.mainTicks ?? 0))
  }
  return { mb: kilobytes / 1000, cpuMs: ticks * tickMs, pageMs: mainTicks * tickMs }
}

function ticksOf(path: string): number {
  const stat = statOf(path)
  return Number(stat?.[11] ?? 0) + Number(stat?.[12] ?? 0)
}

/** Fields of a process or thread from its state on. */
function statOf(path: string): readonly string[] | undefined {
  try {
    // The name in brackets may hold anything, blanks and brackets included.
    return readFileSync(`/proc/${path}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
  } catch {
    return undefined
  }
}

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
