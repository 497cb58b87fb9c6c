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
  await page.exposeFunction('reportProblem', (kind: keyof Problems, text: string) => {
    problems[kind].push(text)
  })
  await page.addInitScript(() => {
    if (window !== window.top) return
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
