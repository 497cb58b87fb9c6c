import { readdirSync } from 'node:fs'
import { setPriority } from 'node:os'

/** A third of the weight of others: they go first, and it goes on where the machine is full. */
export const lowPriority = 5

/**
 * Lets a process stand back where others want the processor. On Linux every
 * thread has a priority of its own; those that start later take that of the
 * thread which starts them.
 */
export function lowerPriority(pid: number): void {
  for (const thread of [pid, ...threadsOf(pid)]) {
    try {
      setPriority(thread, lowPriority)
    } catch {
      // It ended meanwhile, or the system does not let us: the process does its work all the same.
    }
  }
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return []
  }
}
