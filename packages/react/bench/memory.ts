import { readdirSync, readFileSync } from 'node:fs'

/**
 * Megabytes that the processes below a process use, shared pages counted in
 * parts (PSS). `undefined` where the system does not tell.
 */
export function memoryBelow(pid: number): number | undefined {
  const children = new Map<number, number[]>()
  let entries: string[]
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return undefined
  }
  for (const entry of entries) {
    const parent = parentOf(entry)
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const queue = [...(children.get(pid) ?? [])]
  let kilobytes = 0
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    kilobytes += pssOf(next)
    queue.push(...(children.get(next) ?? []))
  }
  return kilobytes / 1000
}

function parentOf(pid: string): number | undefined {
  try {
    // The name in brackets may hold anything, blanks and brackets included.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1])
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
