import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Rules of WCAG 2.2 at levels A and AA, and what axe calls best practice. Frames belong to
 * plugins, and what is in them to their authors.
 */
const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  iframes: false,
  resultTypes: ['violations'],
}

/** What React Aria says aloud and nobody sees: it names elements that may be gone by then. */
const spoken = '[data-live-announcer]'

interface Axe {
  run(context: { exclude: string }, options: RunOptions): Promise<AxeResults>
}

/** What people with assistive technology would stumble over on a page as it stands: a line for each element. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Colors in the middle of a fade are nobody's choice.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  )
  await page.evaluate(axe)
  const { violations } = await page.evaluate(
    ([context, given]) => (window as unknown as { axe: Axe }).axe.run(context, given),
    [{ exclude: spoken }, options] as const,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, target, any }) => `${id}: ${help}: ${String(target)} ${html} ${any[0]?.message ?? ''}`,
    ),
  )
}
