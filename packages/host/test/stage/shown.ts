import type { Page } from 'playwright-core'
import type { Stage } from './page.ts'

declare const stage: Stage

/** The realms a plugin can run in. What its code does, it does the same way in each. */
export const realms = ['worker', 'frame'] as const

/** What the widgets of a plugin show: the texts of its trees, or of its frames. */
export async function shown(page: Page, surface: (typeof realms)[number], plugin: string): Promise<string> {
  if (surface === 'worker') {
    return page.evaluate((id) => {
      const widgets = stage.host.widgetsOf('main')
      const trees = widgets.flatMap((widget, at) => (widget.plugin.id === id ? stage.tree(at) : []))
      const texts = (node: unknown): string =>
        typeof node === 'string' ? node : Array.isArray(node) ? node.slice(3).flat().map(texts).join('') : ''
      return trees.map(texts).join('')
    }, plugin)
  }
  const frames = page.frames().filter((frame) => new URL(frame.url()).hostname === `${plugin}.localhost`)
  // One that is about to go has no answer.
  const texts = frames.map((frame) => frame.evaluate(() => document.body.textContent ?? '').catch(() => ''))
  return (await Promise.all(texts)).join('')
}
