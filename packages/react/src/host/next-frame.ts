/**
 * Calls listeners together, once before the next paint.
 *
 * Widgets arrive one message at a time. Drawn at once each, a page of a thousand
 * would be rendered a thousand times, and each rendering walks past all widgets.
 */
const waiting = new Set<() => void>()
let scheduled = false

/** Calls a listener before the next paint; once, however often it was asked for. */
export function beforeNextPaint(listener: () => void): void {
  waiting.add(listener)
  if (scheduled) return
  scheduled = true
  // A page that nobody sees has no frames.
  if (document.hidden) setTimeout(callAll, 100)
  else requestAnimationFrame(callAll)
}

/** Forgets a listener that was not called yet. */
export function forgetNextPaint(listener: () => void): void {
  waiting.delete(listener)
}

function callAll(): void {
  scheduled = false
  const listeners = [...waiting]
  waiting.clear()
  for (const listener of listeners) listener()
}
