/** Something whose CPU time is limited while it runs. */
export interface Watched {
  /** Looks at the CPU time used so far and ends the sandbox when it is too much. */
  check(): void
}

const everyMs = 25
const watched = new Set<Watched>()
let timer: NodeJS.Timeout | undefined

/** Checks `what` every few milliseconds until the returned function is called. Costs nothing while nothing runs. */
export function watch(what: Watched): () => void {
  watched.add(what)
  timer ??= setInterval(tick, everyMs)
  return () => watched.delete(what)
}

function tick(): void {
  for (const what of watched) what.check()
  if (watched.size > 0) return
  clearInterval(timer)
  timer = undefined
}
