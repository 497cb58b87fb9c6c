import type { ThemeRule } from '@mortise/contract'
import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

const frame = `
  export default {
    widgets: {
      main({ root, theme, onDidChangeTheme }) {
        root.id = 'root'
        root.style.color = 'var(--m-color-text-default)'
        let told = 0
        const show = (next) => { root.textContent = 'told ' + told++ + ' ' + next.colorScheme }
        show(theme)
        onDidChangeTheme(show)
      },
    },
  }
`

const ink = (selector = ':root') =>
  tools.page.evaluate(
    (selector) =>
      getComputedStyle(document.querySelector(selector)!).getPropertyValue('--m-color-text-default'),
    selector,
  )
const frameInk = () =>
  tools.page
    .frames()[1]!
    .locator('#root')
    .evaluate((element) => getComputedStyle(element).color)

async function openFrame() {
  await tools.open([{ id: 'painter', entry: frame, surface: 'frame' }])
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([{ status: 'running' }])
}

test('page and frames follow the system, each axis on its own and together', async () => {
  await openFrame()
  await tools.page.evaluate(() => {
    const rule = (when: Record<string, string>, ink: string) => ({
      when,
      declarations: [['--m-color-text-default', ink] as const],
    })
    return stage.host.applyTheme({
      ...stage.theme,
      rules: [
        rule({}, 'rgb(0, 0, 0)'),
        rule({ mode: 'dark' }, 'rgb(1, 0, 0)'),
        rule({ contrast: 'more' }, 'rgb(0, 1, 0)'),
        rule({ motion: 'reduced' }, 'rgb(0, 0, 1)'),
        rule({ density: 'compact' }, 'rgb(0, 0, 2)'),
        rule({ brand: 'oak' }, 'rgb(0, 0, 3)'),
        rule({ direction: 'rtl' }, 'rgb(0, 0, 4)'),
        rule({ mode: 'dark', contrast: 'more' }, 'rgb(1, 1, 0)'),
        rule({ mode: 'dark', contrast: 'more', motion: 'reduced' }, 'rgb(1, 1, 1)'),
        rule({ mode: 'dark', contrast: 'more', motion: 'reduced', direction: 'rtl' }, 'rgb(1, 1, 5)'),
      ],
    })
  })
  const both = async () => [await ink(), await frameInk()]
  const show = (color: string) => expect.poll(both).toEqual([color, color])
  await show('rgb(0, 0, 0)')
  await tools.page.emulateMedia({ colorScheme: 'dark' })
  await show('rgb(1, 0, 0)')
  await tools.page.emulateMedia({ contrast: 'more' })
  await show('rgb(1, 1, 0)')
  await tools.page.emulateMedia({ reducedMotion: 'reduce' })
  await show('rgb(1, 1, 1)')
  await tools.page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
  await show('rgb(1, 1, 5)')
  await tools.page.emulateMedia({ forcedColors: 'active' })
  await expect.poll(() => ink()).toBe('CanvasText')
  await tools.page.emulateMedia({
    colorScheme: 'light',
    contrast: 'no-preference',
    reducedMotion: 'no-preference',
    forcedColors: 'none',
  })
  await show('rgb(0, 0, 4)')
  await tools.page.evaluate(() => document.documentElement.removeAttribute('dir'))
  await show('rgb(0, 0, 0)')
  for (const [name, value, color] of [
    ['density', 'compact', 'rgb(0, 0, 2)'],
    ['brand', 'oak', 'rgb(0, 0, 3)'],
    ['mode', 'dark', 'rgb(1, 0, 0)'],
  ] as const) {
    await tools.page.evaluate(
      ([name, value]) => document.documentElement.setAttribute(`data-${name}`, value),
      [name, value] as const,
    )
    await show(color)
    await tools.page.evaluate((name) => document.documentElement.removeAttribute(`data-${name}`), name)
  }
  await show('rgb(0, 0, 0)')
})

test('a change sets the properties that differ and no others', async () => {
  await openFrame()
  const touched = await tools.page.evaluate(async () => {
    const names = Array.from({ length: 300 }, (_, index) => `--m-test-${index}`)
    const { setProperty, removeProperty } = CSSStyleDeclaration.prototype
    const touched: string[] = []
    CSSStyleDeclaration.prototype.setProperty = function (name, ...rest) {
      touched.push(name)
      setProperty.call(this, name, ...rest)
    }
    CSSStyleDeclaration.prototype.removeProperty = function (name) {
      touched.push(`${name} removed`)
      return removeProperty.call(this, name)
    }
    const replaced = CSSStyleSheet.prototype.replaceSync
    CSSStyleSheet.prototype.replaceSync = () => touched.push('everything')
    const theme = (changed: readonly number[], last = names.length) => ({
      ...stage.theme,
      rules: [
        {
          when: {},
          declarations: names
            .slice(0, last)
            .map((name, i) => [name, changed.includes(i) ? 'b' : 'a'] as const),
        },
      ],
    })
    const counts = []
    for (const record of [theme([]), theme([]), theme([7, 8]), theme([8], 299)]) {
      touched.length = 0
      await stage.host.applyTheme(record)
      counts.push(touched.length > 10 ? touched.length : [...touched])
    }
    Object.assign(CSSStyleDeclaration.prototype, { setProperty, removeProperty })
    CSSStyleSheet.prototype.replaceSync = replaced
    return counts
  })
  // The first takes away what the stage's own theme set.
  expect(touched).toEqual([302, [], ['--m-test-7', '--m-test-8'], ['--m-test-299 removed', '--m-test-7']])
  const told = await tools.page.frames()[1]!.locator('#root').textContent()
  expect(told).toMatch(/^told 3 /)
})

test('a part of the page wears a theme of its own, with the frames in it', async () => {
  await openFrame()
  const request = { theme: { plugin: 'theme-moss', id: 'moss' } }
  await tools.page.evaluate((request) => {
    const rules = (color: string): ThemeRule[] => [
      { when: {}, declarations: [['--m-color-text-default', color] as const] },
      { when: { direction: 'rtl' }, declarations: [['--m-color-text-default', 'rgb(0, 99, 0)'] as const] },
    ]
    stage.scopes.moss = rules('rgb(0, 9, 0)')
    stage.scopes['moss dark'] = rules('rgb(0, 90, 0)')
    const scope = stage.host.openThemeScope(request)
    Object.assign(window, { scope })
    return scope.ready.then(() =>
      document.querySelector('.place')!.setAttribute('data-mortise-theme', scope.name),
    )
  }, request)
  expect(await ink('.place')).toBe('rgb(0, 9, 0)')
  expect(await ink()).toBe('rgb(1, 2, 3)')
  await expect.poll(frameInk).toBe('rgb(0, 9, 0)')

  // Right to left inside, while the page runs left to right.
  await tools.page.evaluate(() => document.querySelector('.place')!.setAttribute('dir', 'rtl'))
  expect(await ink('.place')).toBe('rgb(0, 99, 0)')
  await expect.poll(frameInk).toBe('rgb(0, 99, 0)')
  await tools.page.evaluate(() => document.querySelector('.place')!.removeAttribute('dir'))

  // Two wearers share it; the theme goes with the last.
  await tools.page.evaluate(async (request) => {
    const second = stage.host.openThemeScope(request)
    await second.ready
    second.release()
    second.release()
  }, request)
  expect(await ink('.place')).toBe('rgb(0, 9, 0)')
  const changed = await tools.page.evaluate(async (request) => {
    const dark = stage.host.openThemeScope({ ...request, mode: 'dark' })
    await dark.ready
    document.querySelector('.place')!.setAttribute('data-mortise-theme', dark.name)
    return dark.name
  }, request)
  expect(changed).not.toBe('theme-moss/moss')
  expect(await ink('.place')).toBe('rgb(0, 90, 0)')
  await expect.poll(frameInk).toBe('rgb(0, 90, 0)')

  await tools.page.evaluate(() => {
    const { scope } = window as unknown as { scope: { name: string; release(): void } }
    document.querySelector('.place')!.setAttribute('data-mortise-theme', scope.name)
    scope.release()
  })
  await expect.poll(() => ink('.place')).toBe('rgb(1, 2, 3)')
  await expect.poll(frameInk).toBe('rgb(1, 2, 3)')
})

test('a scope whose theme is gone looks like the page, and a person changing theirs repaints all scopes at once', async () => {
  await openFrame()
  const seen = await tools.page.evaluate(async () => {
    const rules = (color: string): ThemeRule[] => [
      { when: {}, declarations: [['--m-color-text-default', color] as const] },
    ]
    stage.scopes.moss = rules('rgb(0, 9, 0)')
    const scopes = ['moss', 'gone'].map((id) => stage.host.openThemeScope({ theme: { plugin: 'p', id } }))
    await Promise.all(scopes.map(({ ready }) => ready))
    const ink = (name: string) => {
      const element = document.body.appendChild(document.createElement('div'))
      element.dataset.mortiseTheme = name
      const value = getComputedStyle(element).getPropertyValue('--m-color-text-default')
      element.remove()
      return value
    }
    const inks = () => [...scopes.map(({ name }) => ink(name)), ink('built-in'), ink('none')]
    const before = inks()
    stage.scopes.moss = rules('rgb(0, 8, 0)')
    await stage.host.applyTheme({
      ...stage.theme,
      rules: rules('rgb(8, 8, 8)'),
      builtIn: rules('rgb(0, 0, 2)'),
    })
    return [before, inks()]
  })
  expect(seen).toEqual([
    ['rgb(0, 9, 0)', 'rgb(1, 2, 3)', 'rgb(0, 0, 1)', 'rgb(1, 2, 3)'],
    ['rgb(0, 8, 0)', 'rgb(8, 8, 8)', 'rgb(0, 0, 2)', 'rgb(8, 8, 8)'],
  ])
})
