/**
 * Looks at everything that runs, every few milliseconds.
 *
 * Three things cannot be left to the engine: CPU time spread over callbacks and
 * microtasks, an isolate that was told to stop and does not, and memory that
 * the engine does not count. The last two can only be ended with the process.
 */

/** Something that runs guest code right now. */
export interface Watched {
  /** Ends the sandbox when it has used too much CPU time. */
  check(): void
  /** CPU time of the present run so far, in milliseconds. */
  usedMs(): number
  /** Memory the process may grow by while this runs, in bytes. */
  readonly allowedBytes: number
  endForMemory(): void
}

const everyMs = 25
/** An isolate that still runs this long after it was stopped will never stop, in milliseconds. */
const graceMs = 500
/** It is not waited for when it takes this much more memory in the meantime. */
const graceBytes = 128 * 1024 * 1024
/** Growth that is nobody's, such as code caches and messages on their way. */
const slackBytes = 96 * 1024 * 1024

const watched = new Set<Watched>()
let timer: NodeJS.Timeout | undefined
let calmBytes = 0
let calmAt = Number.NEGATIVE_INFINITY
let isOverBudget = false

/** Checks `what` until the returned function is called. Costs nothing while nothing runs. */
export function watch(what: Watched): () => void {
  // Asking the system costs more than a short run does.
  if (watched.size === 0 && performance.now() - calmAt > everyMs) {
    calmBytes = process.memoryUsage.rss()
    calmAt = performance.now()
  }
  watched.add(what)
  timer ??= setInterval(tick, everyMs)
  return () => watched.delete(what)
}

/** Ends the process unless `isStopped` says yes in time. */
export function demandStop(isStopped: () => boolean, die: () => void): void {
  const since = performance.now()
  const bytes = process.memoryUsage.rss()
  const poll = setInterval(() => {
    if (isStopped()) clearInterval(poll)
    else if (performance.now() - since > graceMs || process.memoryUsage.rss() - bytes > graceBytes) die()
  }, everyMs)
}

function tick(): void {
  for (const what of watched) what.check()
  checkMemory()
  if (watched.size > 0) return
  clearInterval(timer)
  timer = undefined
  isOverBudget = false
}

function checkMemory(): void {
  const allowed = [...watched].reduce((sum, { allowedBytes }) => sum + allowedBytes, calmBytes + slackBytes)
  const isOver = watched.size > 0 && process.memoryUsage.rss() > allowed
  // Whoever was ended in the last round needs a moment to give its memory back.
  if (isOver && !isOverBudget) {
    const [heaviest] = [...watched].sort((one, other) => other.usedMs() - one.usedMs())
    heaviest?.endForMemory()
  }
  isOverBudget = isOver
}
