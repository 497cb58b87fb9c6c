import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

const stage = useConsole()

/** Opens something of its own over the page, then asks, hoping to cover the question or to catch the next click. */
const source = `
  export default { widgets: { trap({ root, api, permissions, log }) {
    const ask = async () => {
      while (!(await api.storage.get('ask'))) await new Promise((resolve) => setTimeout(resolve, 50))
      log.info('answer ' + (await permissions.request('write:sessions', 'x'.repeat(200))))
    }
    ask()
    const select = document.createElement('m-select')
    select.label = 'Trap'
    select.options = Array.from({ length: 40 }, (_, index) => ({ value: String(index), label: 'Not now, thank you ' + index }))
    const menu = document.createElement('m-menu')
    menu.label = 'Menu trap'
    for (let index = 0; index < 30; index++) {
      const item = document.createElement('m-menu-item')
      item.label = 'Allow everything ' + index
      menu.append(item)
    }
    root.append(select, menu)
  } } }`

/** Presses the first button that says yes in the moment in which the page has it. Runs in the page. */
function pressAllowAtOnce(): void {
  const observer = new MutationObserver(() => {
    const buttons = document.querySelectorAll<HTMLElement>('[role="alertdialog"] button')
    const allow = [...buttons].find((button) => button.textContent === 'Allow')
    if (!allow) return
    observer.disconnect()
    allow.click()
    document.documentElement.dataset.pressed = 'Allow'
  })
  observer.observe(document.body, { childList: true, subtree: true })
}

/** Whether the middle of an element is what a click there would hit. */
function isOnTop(element: Locator): Promise<boolean> {
  return element.evaluate((node) => {
    const { left, top, width, height } = node.getBoundingClientRect()
    const hit = document.elementFromPoint(left + width / 2, top + height / 2)
    return hit !== null && (node === hit || node.contains(hit))
  })
}

test.each([
  ['list', /Choose/, 'option'],
  ['menu', /^Menu trap/, 'menuitem'],
] as const)(
  "an open %s of a plugin neither covers the host's question nor takes its clicks",
  async (_kind, label, item) => {
    await stage.client.install({
      manifest: {
        name: 'trapper',
        version: '1.0.0',
        displayName: 'Trapper',
        description: 'Tries to steal a yes.',
        type: 'extension',
        author: 'Mallory',
        permissions: ['write:sessions'],
        entrypoints: { ui: 'trap.js' },
        contributes: { widgets: [{ id: 'trap', title: 'Trap', slot: 'dashboard.main' }] },
      },
      files: { 'trap.js': source },
      grant: [],
    })
    const { page, context } = await openConsole(stage.browser, stage.console)
    const widget = page.getByRole('article', { name: 'Trap' })
    await widget.getByRole('button', { name: label }).click()
    await page.getByRole(item, { name: /3$/ }).first().waitFor()
    await page.evaluate(pressAllowAtOnce)
    await stage.client.calls([['storage.set', ['ask', true]]], 'trapper')
    const prompt = page.getByRole('alertdialog', { name: 'Trapper asks for a permission' })
    await prompt.waitFor()
    // A click that was on its way when the question appeared says nothing.
    expect(await page.evaluate(() => document.documentElement.dataset.pressed)).toBe('Allow')

    for (const name of ['Allow', 'Not now']) {
      expect(await isOnTop(prompt.getByRole('button', { name })), name).toBe(true)
    }
    expect(await isOnTop(prompt.getByText('Create, modify, or delete sessions'))).toBe(true)
    await prompt.getByRole('button', { name: 'Not now' }).click()
    await stage.client.logLine('trapper', (message) => message.startsWith('answer'))
    const { permissions } = await stage.client.plugin('trapper')
    expect(permissions[0]?.decision).not.toBe('granted')
    await context.close()
    await stage.client.uninstall('trapper')
  },
)

test('of several permissions a person allows some in one question, and the others stay denied', async () => {
  const asker = `
    export default { widgets: { ask({ root, permissions, api, log }) {
      const button = document.createElement('m-button')
      button.append('Ask for three')
      button.addEventListener('press', async () => {
        const granted = await permissions.request(['read:sessions', 'read:users', 'write:sessions'], 'To tidy up after you.')
        const hibernated = await api.sessions.hibernate('none').catch((error) => error.code)
        log.info('granted ' + [...granted].join(' ') + '; has ' + permissions.has('read:users') + '; write ' + hibernated)
      })
      root.append(button)
    } } }`
  await stage.client.install({
    manifest: {
      name: 'tidy',
      version: '1.0.0',
      displayName: 'Tidy',
      description: 'Asks for several things at once.',
      type: 'extension',
      author: 'Test',
      permissions: ['read:sessions', 'read:users', 'write:sessions'],
      entrypoints: { ui: 'tidy.js' },
      contributes: { widgets: [{ id: 'ask', title: 'Tidy', slot: 'dashboard.main' }] },
    },
    files: { 'tidy.js': asker },
    grant: [],
  })
  const { page, context } = await openConsole(stage.browser, stage.console)
  await page.getByRole('article', { name: 'Tidy' }).getByRole('button', { name: 'Ask for three' }).click()
  const prompt = page.getByRole('alertdialog', { name: 'Tidy asks for 3 permissions' })
  await prompt.waitFor()
  // What can destroy things is not allowed by pressing the one big button.
  expect(await prompt.getByRole('switch', { name: 'Allow write:sessions' }).isChecked()).toBe(false)
  await prompt.getByText('Allow read:users', { exact: true }).locator('xpath=ancestor::label').click()
  await prompt.getByRole('button', { name: 'Allow 1 of 3' }).click()
  const line = await stage.client.logLine('tidy', (message) => message.startsWith('granted'))
  expect(line.message).toBe('granted read:sessions; has false; write PERMISSION_DENIED')
  const { permissions } = await stage.client.plugin('tidy')
  expect(permissions.filter(({ decision }) => decision === 'granted').map(({ name }) => name)).toEqual([
    'read:sessions',
  ])
  await context.close()
  await stage.client.uninstall('tidy')
})
