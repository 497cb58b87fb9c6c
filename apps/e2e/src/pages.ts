import type { RunningConsole } from '@mortise/testing'
import type { Browser, BrowserContext, Page } from 'playwright-core'

/** What went wrong on a page without anybody asking: all of it should stay empty. */
export interface Problems {
  readonly errors: string[]
  /** Violations of the host page's own policy. */
  readonly policy: string[]
}

/** Records uncaught errors and policy violations of the host page (not of the sandboxes, which are meant to hit theirs). */
export async function collectProblems(page: Page): Promise<Problems> {
  const problems: Problems = { errors: [], policy: [] }
  page.on('pageerror', (error) => problems.errors.push(String(error)))
  await page.exposeFunction('reportViolation', (text: string) => {
    problems.policy.push(text)
  })
  await page.addInitScript(() => {
    if (window !== window.top) return
    document.addEventListener('securitypolicyviolation', (event) => {
      const { reportViolation } = window as unknown as { reportViolation(text: string): void }
      reportViolation(
        `${event.effectiveDirective} blocked ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`,
      )
    })
  })
  return problems
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
  const page = await context.newPage()
  const problems = await collectProblems(page)
  await page.goto(console.signInUrl)
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  return { context, page, problems }
}
