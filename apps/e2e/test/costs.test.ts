import { test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

const stage = useConsole()

const install = (name: string, title: string, widget: string) =>
  stage.client.install({
    manifest: {
      name,
      version: '1.0.0',
      displayName: title,
      description: 'Costs something.',
      type: 'extension',
      author: 'Test',
      permissions: [],
      entrypoints: { ui: 'widget.js' },
      contributes: { widgets: [{ id: 'main', title, slot: 'dashboard.main' }] },
    },
    files: {
      'widget.js': `
        let port
        const post = MessagePort.prototype.postMessage
        MessagePort.prototype.postMessage = function (...args) { port = this; return post.apply(this, args) }
        export default { widgets: { main({ root, permissions, state }) {
          const text = document.createElement('m-text')
          root.append(text)
          ${widget}
        } } }`,
    },
    grant: [],
  })

test('a person sees which plugin is slow, and starts one again that the page has stopped', async () => {
  await install('calm', 'Calm', "text.textContent = 'calm'")
  await install(
    'busy',
    'Busy',
    "let n = 0; setInterval(() => { for (let i = 0; i < 400; i++) text.setAttribute('tone', String(n++)) }, 10)",
  )
  await install(
    'forger',
    'Forger',
    "const button = document.createElement('m-button'); button.append('Forge'); button.addEventListener('press', () => { for (let i = 0; i < 100; i++) post.call(port, 'forged') }); root.append(button)",
  )
  const { page, context } = await openConsole(stage.browser, stage.console)
  const forger = page.getByRole('article', { name: 'Forger' })
  await forger.getByRole('button', { name: 'Forge' }).click()
  await forger.getByText('Restarting after 1 stop').waitFor()
  await forger.getByRole('button', { name: 'Forge' }).click()
  await forger.getByText('Forger is quarantined').waitFor()
  await page.getByRole('article', { name: 'Busy' }).waitFor()

  await page.getByRole('link', { name: 'Plugins' }).click()
  await page.getByRole('tab', { name: 'Performance' }).click()
  const table = page.getByRole('table', { name: 'What plugins cost' })
  const rowOf = (name: string) => table.getByRole('row', { name: new RegExp(name) })
  // Each state is there twice, for wide and for narrow pages, and one of them is seen.
  const stands = (name: string, state: string) =>
    rowOf(name).getByText(state).filter({ visible: true }).waitFor()
  await stands('Forger', 'Quarantined')
  await stands('Calm', 'Within budget')
  await table.getByRole('button', { name: 'Calls a second' }).click()
  await table.getByRole('button', { name: 'State' }).click()
  await table.getByRole('button', { name: 'State' }).click()
  const first = table.getByRole('row').nth(1)
  await first.getByText('Forger', { exact: true }).waitFor()
  await first.getByRole('button', { name: 'Start again' }).click()
  await stands('Forger', 'Within budget')

  await page.getByRole('link', { name: 'Dashboard' }).click()
  await page.getByRole('article', { name: 'Forger' }).getByRole('button', { name: 'Forge' }).waitFor()
  await context.close()
})

test('a widget that the page has quarantined has a Retry of its own', async () => {
  const { page, context } = await openConsole(stage.browser, stage.console)
  const forger = page.getByRole('article', { name: 'Forger' })
  await forger.getByRole('button', { name: 'Forge' }).click()
  await forger.getByText('Restarting after 1 stop').waitFor()
  await forger.getByRole('button', { name: 'Forge' }).click()
  await forger.getByRole('button', { name: 'Retry' }).click()
  await forger.getByRole('button', { name: 'Forge' }).waitFor()
  await context.close()
})
