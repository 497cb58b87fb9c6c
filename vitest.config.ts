import { defineConfig } from 'vitest/config'
import { findBrowser } from './packages/testing/src/find-browser.ts'

/** What runs in Firefox as well: the walls of the sandbox, and the ways that people take through it. */
const firefoxToo = [
  'packages/testing/src/launch-browser.test.ts',
  'packages/host/test/{exfiltration,fuzz,hostile-guest}.attack.test.ts',
  'packages/host/test/{realm-endings,realms,sandbox,watchdog}.browser.test.ts',
  'apps/e2e/test/{bridge,endpoints,exfiltration,hostile-trees}.attack.test.ts',
  'apps/e2e/test/{prompt,table}.attack.test.ts',
  'apps/e2e/test/{browser-lacks,first-widget}.test.ts',
]
/**
 * What a browser draws and when depends on all else that the machine does, so such a test is tried once more; the
 * last lines of a run name each that needed it. An attack has one try: a race that is won now and then is won.
 */
const retry = 1
const firefox = findBrowser('firefox') !== undefined

export default defineConfig({
  test: {
    // Two processes: more would make time limits measure the machine, not the code.
    maxWorkers: 2,
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: [
      'default',
      [
        './packages/testing/src/summary-reporter.ts',
        { notRun: firefox ? [] : ['Firefox: there is none here (Debian: "apt-get install firefox-esr")'] },
      ],
    ],
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          include: ['{packages,apps,examples}/*/{src,test}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', 'apps/e2e/**', '**/*.browser.test.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['packages/*/test/**/*.browser.test.ts'], retry },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['apps/e2e/test/**/*.test.ts'],
          exclude: ['**/*.attack.test.ts'],
          setupFiles: ['apps/e2e/src/fail-on-reports.ts'],
          retry,
        },
      },
      {
        extends: true,
        test: {
          name: 'attacks',
          include: ['apps/e2e/test/**/*.attack.test.ts'],
          setupFiles: ['apps/e2e/src/fail-on-reports.ts'],
        },
      },
      ...(firefox
        ? [
            {
              extends: true as const,
              test: {
                name: 'firefox',
                include: firefoxToo,
                env: { MORTISE_TEST_BROWSER: 'firefox' },
                // A page of Firefox starts several times as slowly on a busy machine.
                testTimeout: 90_000,
              },
            },
          ]
        : []),
    ],
  },
})
