import type { ChildMessage } from './wire.ts'

/** How long a sandbox may take to say what it uses, in milliseconds. */
const patienceMs = 250

type Reading = Pick<Extract<ChildMessage, { type: 'usage' }>, 'cpuMs' | 'memoryBytes'>

/** Adds up what the sandboxes of one plugin use, one after the other. */
export class UsageMeter {
  readonly #waiting = new Set<() => void>()
  #cpuMsBefore = 0
  #cpuMs = 0
  #memoryBytes = 0

  get reading(): Reading {
    return { cpuMs: this.#cpuMsBefore + this.#cpuMs, memoryBytes: this.#memoryBytes }
  }

  /** The sandbox says what it has used since it started. */
  note({ cpuMs, memoryBytes }: Reading): void {
    this.#cpuMs = Math.max(this.#cpuMs, cpuMs)
    this.#memoryBytes = memoryBytes
    this.#settle()
  }

  /** The sandbox is gone. */
  end(): void {
    this.#cpuMsBefore += this.#cpuMs
    this.#cpuMs = 0
    this.#memoryBytes = 0
    this.#settle()
  }

  /** Waits for what `ask` makes the sandbox say, but not for long: it may be busy. */
  async measure(ask: () => void): Promise<Reading> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs)
      this.#waiting.add(() => {
        clearTimeout(timer)
        resolve()
      })
      ask()
    })
    return this.reading
  }

  #settle(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
