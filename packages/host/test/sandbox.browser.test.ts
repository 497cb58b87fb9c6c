import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

const greeter = `
  export default {
    widgets: {
      main({ root, api, events, context, onDidChangeContext, plugin }) {
        const text = document.createElement('m-text')
        text.tone = 'muted'
        text.textContent = plugin.displayName + ' is ' + context.mood
        onDidChangeContext((next) => { text.textContent = 'now ' + next.mood })
        const button = document.createElement('m-button')
        button.textContent = 'Add'
        button.addEventListener('press', async () => {
          try { await api.notes.add('pressed'); text.textContent = 'added' }
          catch (error) { text.textContent = error.code + ' ' + error.message }
        })
        events.on('note.*', (event) => { text.textContent = 'event ' + event.data.text })
        root.append(text, button)
        api.notes.list().then((notes) => { button.label = notes.join() })
      },
    },
  }
`

test('a worker widget mounts, calls, hears the person, and hears events', async () => {
  await tools.open([{ id: 'greeter', entry: greeter, granted: ['read:notes'], denied: ['write:notes'] }])
  expect(await tools.page.evaluate(() => stage.mountAll())).toEqual([{ status: 'running' }])
  await tools.page.waitForFunction(() => JSON.stringify(stage.tree()).includes('first'))
  expect(await tools.page.evaluate(() => stage.tree())).toEqual([
    ['m-text', { tone: 'muted' }, [], ['The greeter plugin is calm']],
    ['m-button', { label: 'first' }, ['press'], ['Add']],
  ])
  await tools.page.evaluate(() => stage.use('m-button', 'press'))
  await tools.page.waitForFunction(() => JSON.stringify(stage.tree()).includes('PERMISSION_DENIED'))
  expect(await tools.page.evaluate(() => stage.notes)).toEqual(['first'])
})

const painter = `
  export default {
    widgets: {
      main({ root, api, theme, onDidChangeContext, onDidChangeTheme, signal }) {
        root.id = 'root'
        root.style.height = '120px'
        root.textContent = 'frame ' + theme.colorScheme
        root.style.color = 'var(--m-color-text-default)'
        onDidChangeContext(({ mood }) => { root.style.height = mood === 'tall' ? '5000px' : '120px' })
        onDidChangeTheme((next) => { root.textContent = 'frame ' + next.colorScheme })
        root.onclick = () => api.notes.add('clicked')
      },
    },
  }
`

test('a frame widget mounts on its own host, in the theme, as tall as it asks and the slot allows', async () => {
  await tools.open([{ id: 'painter', entry: painter, surface: 'frame', granted: ['write:notes'] }])
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([{ status: 'running' }])
  const frame = tools.page.frames().at(1)!
  expect(new URL(frame.url()).hostname).toBe('painter.localhost')
  const root = frame.locator('#root')
  expect(await root.textContent()).toBe('frame light')
  expect(await root.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(1, 2, 3)')
  await tools.page.waitForFunction(() => stage.state()?.height === 120)
  await tools.page.evaluate(() => stage.update({ mood: 'tall' }))
  await tools.page.waitForFunction(() => stage.state()?.height === 400)
  expect(await tools.page.locator('iframe').evaluate((element) => element.clientHeight)).toBe(400)
  await root.click()
  await tools.page.waitForFunction(() => stage.notes.includes('clicked'))
})

test('a theme repaints page and frames', async () => {
  await tools.open([{ id: 'painter', entry: painter, surface: 'frame' }])
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.evaluate(() =>
    stage.host.applyTheme({
      ...stage.theme,
      rules: [
        {
          when: {},
          declarations: [
            ['color-scheme', 'dark'],
            ['--m-color-text-default', 'rgb(4, 5, 6)'],
          ],
        },
      ],
    }),
  )
  const root = tools.page.frames()[1]!.locator('#root')
  await root.getByText('frame dark').waitFor()
  const color = () => getComputedStyle(document.documentElement).getPropertyValue('--m-color-text-default')
  expect(await tools.page.evaluate(color)).toBe('rgb(4, 5, 6)')
  expect(await root.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(4, 5, 6)')
})
