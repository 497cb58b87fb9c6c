import type { Send } from './channel.ts'

interface Timer {
  readonly run: () => void
  readonly repeatMs: number | undefined
}

/** Most timers one plugin may have waiting. */
export const mostTimers = 256

/** Shortest delay, in milliseconds: a timer is not a way to spin. */
const shortestMs = 4

/** Timers kept by the child process; the isolate holds only what to run. */
export function createTimers(send: Send, onThrow: (thrown: unknown) => void) {
  const timers = new Map<number, Timer>()
  let lastId = 0

  function start(callback: unknown, delay: unknown, repeats: boolean, args: unknown[]): number {
    if (typeof callback !== 'function') throw new TypeError('A timer needs a function')
    if (timers.size >= mostTimers)
      throw new RangeError(`A plugin may have at most ${mostTimers} timers waiting`)
    const ms = Math.min(Math.max(Number(delay) || 0, shortestMs), 2 ** 31 - 1)
    const id = ++lastId
    timers.set(id, { run: () => callback(...args), repeatMs: repeats ? ms : undefined })
    send('timer', id, String(ms))
    return id
  }

  function stop(id: unknown): void {
    if (typeof id === 'number' && timers.delete(id)) send('clear', id, undefined)
  }

  function fire(id: number): void {
    const timer = timers.get(id)
    if (!timer) return
    if (timer.repeatMs === undefined) timers.delete(id)
    try {
      timer.run()
    } catch (thrown) {
      onThrow(thrown)
    }
    if (timer.repeatMs !== undefined && timers.has(id)) send('timer', id, String(timer.repeatMs))
  }

  return {
    fire,
    globals: {
      setTimeout: (callback: unknown, delay?: unknown, ...args: unknown[]) =>
        start(callback, delay, false, args),
      setInterval: (callback: unknown, delay?: unknown, ...args: unknown[]) =>
        start(callback, delay, true, args),
      clearTimeout: stop,
      clearInterval: stop,
      queueMicrotask: (callback: unknown) => {
        if (typeof callback !== 'function') throw new TypeError('A microtask needs a function')
        Promise.resolve().then(() => {
          try {
            callback()
          } catch (thrown) {
            onThrow(thrown)
          }
        })
      },
    },
  }
}
