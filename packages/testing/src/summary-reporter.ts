import type { Reporter, TestModule } from 'vitest/node'

export interface SummaryOptions {
  /** What this machine could not run, a sentence each. */
  readonly notRun?: readonly string[]
}

/**
 * Prints `N passed, N failed, N skipped` alone on the last line, for people and scripts to read, and above it what
 * could not run and what passed only when it was tried again.
 */
export default class SummaryReporter implements Reporter {
  readonly #notRun: readonly string[]

  constructor({ notRun = [] }: SummaryOptions = {}) {
    this.#notRun = notRun
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[] = []): void {
    const unsteady: string[] = []
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      // A file that does not load has no tests, yet something failed.
      if (module.state() === 'failed' && module.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') count.passed += 1
        else if (state === 'failed') count.failed += 1
        else count.skipped += 1
        if (test.diagnostic()?.flaky) unsteady.push(`${module.relativeModuleId}: ${test.fullName}`)
      }
    }
    const lines = [
      ...this.#notRun.map((what) => `NOT RUN: ${what}`),
      ...unsteady.map((which) => `FAILED, THEN PASSED: ${which}`),
      `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`,
    ]
    // After the other reporters, which write their summary in the same turn.
    process.once('exit', () => process.stdout.write(`\n${lines.join('\n')}\n`))
  }
}
