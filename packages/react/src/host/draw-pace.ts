/**
 * Draws large trees in slices. React draws what it is given in one go, so each
 * list of components asks here how much of it may be drawn now, and the rest
 * gets its turn in one of the next frames. What a person sees as one change is
 * small enough to be drawn at once, so the answer to a key is never late.
 */
import { createContext, useContext, useLayoutEffect, useReducer, useRef } from 'react'
import { flushSync } from 'react-dom'

/** Weight a tree may draw at once, how much of that at first, and how much comes back in a second. */
const atOnce = 240
const atFirst = 100
const perSecond = 960
/** Milliseconds of a frame for those who wait; style, layout and paint come on top. */
const sliceMs = 8
/** Weight drawn between two looks at the clock. */
const lightest = 64
const heaviest = 512
const shortMs = 2
const longMs = 4

/** Weight that may be drawn at once in all, so that many trees take turns as well. */
const perTask = 480
let leftOfTask = perTask

/** Whether there is still room for a weight in the task at hand. */
function fitsTask(weight: number): boolean {
  if (leftOfTask === perTask) {
    queueMicrotask(() => {
      leftOfTask = perTask
    })
  }
  leftOfTask -= weight
  return leftOfTask >= 0
}

/** What one tree may still draw at once. */
export class DrawAllowance {
  #left = atFirst
  #filledAt = performance.now()

  take(weight: number): boolean {
    if (turn) return turn.take(weight)
    if (this.#left < weight) {
      const now = performance.now()
      this.#left = Math.min(atOnce, this.#left + ((now - this.#filledAt) / 1000) * perSecond)
      this.#filledAt = now
    }
    if (this.#left < weight || !fitsTask(weight)) return false
    this.#left -= weight
    return true
  }
}

export const CurrentAllowance = createContext(new DrawAllowance())

/**
 * The nodes that may be drawn now: those that were drawn before, and as many new ones as there is room for. The
 * component is drawn again when there is room for more.
 *
 * @param weigh - About what drawing a node takes, its children apart, in twentieths of a millisecond.
 */
export function usePaced<Node extends { readonly id: string }>(
  nodes: readonly Node[],
  weigh: (node: Node) => number,
): readonly Node[] {
  const allowance = useContext(CurrentAllowance)
  const drawn = useRef<ReadonlySet<string>>(none)
  const [, drawAgain] = useReducer(increase, 0)
  const before = drawn.current
  let complete = true
  const shown = nodes.filter((node) => {
    if (before.has(node.id)) return true
    complete &&= allowance.take(weigh(node))
    return complete
  })
  drawn.current = new Set(shown.map(({ id }) => id))
  useLayoutEffect(() => (complete ? undefined : awaitTurn(drawAgain)))
  return shown
}

const none: ReadonlySet<string> = new Set()
const increase = (count: number) => count + 1

/** What may still be drawn before the next look at the clock. The last one may go beyond it. */
let turn: { take(weight: number): boolean } | undefined
let stride = lightest
const waiting = new Set<() => void>()
let scheduled = false

function awaitTurn(draw: () => void): () => void {
  waiting.add(draw)
  schedule()
  return () => waiting.delete(draw)
}

function schedule(): void {
  if (scheduled) return
  scheduled = true
  // A page that nobody sees has no frames.
  if (document.hidden) setTimeout(drawSlice, 100)
  else requestAnimationFrame(drawSlice)
}

function drawSlice(): void {
  scheduled = false
  const began = performance.now()
  for (let now = began; waiting.size > 0 && now - began < sliceMs; ) {
    const started = now
    drawStride()
    now = performance.now()
    const tookMs = now - started
    if (tookMs < shortMs) stride = Math.min(heaviest, stride * 2)
    else if (tookMs > longMs) stride = Math.max(lightest, stride / 2)
  }
  if (waiting.size > 0) schedule()
}

function drawStride(): void {
  let left = stride
  turn = {
    take(weight) {
      if (left <= 0 && weight > 0) return false
      left -= weight
      return true
    },
  }
  // Who does not get all of it comes back to the end of the line.
  const lists = [...waiting].slice(0, stride)
  for (const list of lists) waiting.delete(list)
  try {
    flushSync(() => {
      for (const list of lists) list()
    })
  } finally {
    turn = undefined
  }
}
