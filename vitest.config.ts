import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,apps,examples}/*/{src,test}/**/*.test.{ts,tsx}'],
    // Two processes: more would make time limits measure the machine, not the code.
    maxWorkers: 2,
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', './packages/testing/src/summary-reporter.ts'],
  },
})
