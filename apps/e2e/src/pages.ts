import { type RunningConsole, testBrowser } from '@mortise/testing'
import type { Browser, BrowserContext, Page } from 'playwright-core'

/** What went wrong on a page without anybody asking: all of it should stay empty. */
export interface Problems {
  readonly errors: string[]
  /** Violations of the host page's own policy. */
  readonly policy: string[]
}

/** Reports that no test has looked at yet. `fail-on-reports.ts` lets none of them pass. */
let reports: string[] = []
const expected: RegExp[] = []

/** Says which reports the tests of this file provoke on purpose. */
export function expectReports(...patterns: readonly RegExp[]): void {
  expected.push(...patterns)
}

/** Reports of every page since the last time that nobody expected. */
export function takeReports(): string[] {
  const taken = reports
  reports = []
  return taken.filter((line) => !expected.some((pattern) => pattern.test(line)))
}

/**
 * Records uncaught errors and policy violations of the console's pages: not of the sandboxes and pages
 * of plugins, which are meant to hit theirs.
 */
export async function collectProblems(pages: Page | BrowserContext): Promise<Problems> {
  const problems: Problems = { errors: [], policy: [] }
  await pages.exposeFunction('reportProblem', (kind: keyof Problems, text: string) => {
    problems[kind].push(text)
    if (kind === 'policy') reports.push(text)
  })
  await pages.addInitScript(() => {
    if (window !== window.top || location.pathname.startsWith('/plugins/')) return
    const { reportProblem } = window as unknown as {
      reportProblem(kind: 'errors' | 'policy', text: string): void
    }
    addEventListener('error', ({ message }) => reportProblem('errors', message))
    addEventListener('unhandledrejection', ({ reason }) => reportProblem('errors', String(reason)))
    document.addEventListener('securitypolicyviolation', (event) =>
      reportProblem(
        'policy',
        `${event.effectiveDirective} blocked ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`,
      ),
    )
  })
  return problems
}

/** Lets a frame widget start, in a browser where that takes a person's word. */
export async function startFrame(page: Page, widget: string): Promise<void> {
  if (testBrowser() !== 'firefox') return
  const frame = page.getByRole('article', { name: widget })
  await frame.scrollIntoViewIfNeeded()
  // By keyboard: the page moves while others of its widgets start.
  await frame.getByRole('button', { name: 'Start anyway' }).press('Enter')
}

/** Signs in the way the printed link does and waits for the dashboard. */
export async function openConsole(
  browser: Browser,
  console: Pick<RunningConsole, 'signInUrl'>,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page; problems: Problems }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  // Less than a test's own time, so that a failure names the step and not the test.
  context.setDefaultTimeout(15_000)
  const problems = await collectProblems(context)
  const page = await context.newPage()
  await page.goto(console.signInUrl)
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  return { context, page, problems }
}
