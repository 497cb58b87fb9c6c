import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import type { StagePlugin } from './stage/serve-stage.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

/** Counts presses and saves the count; its switch counts once more and never returns. */
const counter: StagePlugin = {
  id: 'counter',
  entry: `export default { widgets: { main({ root, state }) {
    let count = state.value ?? 0
    const text = document.createElement('m-text')
    const add = document.createElement('m-button')
    const spin = document.createElement('m-switch')
    const step = () => { state.save(++count); text.textContent = String(count) }
    add.addEventListener('press', step)
    spin.addEventListener('change', () => { step(); while (true) {} })
    text.textContent = String(count)
    root.append(text, add, spin)
  } } }`,
}

const fast = { heartbeat: 100, misses: 4, restarts: [0, 50], mount: 20_000 }

const textOf = (index: number) =>
  tools.page.evaluate((at) => {
    const text = stage.tree(at).find((node) => Array.isArray(node) && node[0] === 'm-text')
    return (text as [string, object, string[], string[]] | undefined)?.[3][0]
  }, index)

test('the successor of a worker that misses pings is opened before the hang is proven', async () => {
  await tools.open([counter], { heartbeat: 300, misses: 6 })
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.evaluate(() => stage.use('m-switch', 'change', [true]))
  await tools.page.waitForFunction(() => document.querySelectorAll('iframe').length === 2)
  expect(await tools.page.evaluate(() => stage.state(0)?.status)).toBe('running')
  await tools.page.evaluate(() => stage.settled(0, ['loading']))
  await tools.page.evaluate(() => stage.settled(0, ['running']))
  expect(await textOf(0)).toBe('1')
  expect(await tools.page.locator('iframe').count()).toBe(1)
})

test('a worker that was only busy keeps its realm, and the successor goes', async () => {
  const entry = `export default { widgets: { main({ root }) {
    const button = document.createElement('m-button')
    button.addEventListener('press', () => { const end = Date.now() + 1500; while (Date.now() < end); root.append('calm') })
    root.append(button)
  } } }`
  await tools.open([{ id: 'busy', entry }], { heartbeat: 200, misses: 40, mount: 20_000 })
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.evaluate(() => stage.use('m-button', 'press'))
  await tools.page.waitForFunction(() => stage.tree().includes('calm'))
  await tools.page.waitForFunction(() => document.querySelectorAll('iframe').length === 1)
  expect(await tools.page.evaluate(() => stage.state(0))).toEqual({ status: 'running' })
})

test('a worker that draws many slow widgets answers between them, and hears what became of those that wait', async () => {
  const names = [...'abcdefghijkl']
  const entry = `const names = ${JSON.stringify(names)}
  const draw = (name) => ({ root, log, context }) => {
    const end = Date.now() + 400
    while (Date.now() < end);
    log.info(name)
    root.append(name + ' ' + context.mood)
  }
  export default { widgets: Object.fromEntries(names.map((name) => [name, draw(name)])) }`
  // All of them together take longer than a hang may.
  await tools.open([{ id: 'slow', entry, widgets: names }], { heartbeat: 200, misses: 10, mount: 60_000 })
  await tools.page.evaluate(() => void stage.mountAll())
  await tools.page.evaluate(() => stage.settled(0, ['running']))
  await tools.page.evaluate(() => {
    stage.unmount(10)
    stage.update({ mood: 'red' }, 11)
  })
  expect(await tools.page.evaluate(() => stage.settled(11, ['running', 'failed']))).toEqual({
    status: 'running',
  })
  const [shown, logged] = await tools.page.evaluate(() => [
    stage.tree(11),
    stage.logs.map((line) => line.message),
  ])
  expect(shown).toEqual(['l red'])
  expect(logged).toEqual(names.filter((name) => name !== 'k'))
})

test('frames of a plugin that hang together are one offense', async () => {
  const entry = `export default { widgets: { main({ root, context, state }) {
    root.textContent = 'fine'
    if (context.mood === 'spin' && !state.value) setTimeout(() => { state.save('spun'); while (true) {} }, 200)
  } } }`
  await tools.open([{ id: 'framed', entry, surface: 'frame' }], fast)
  const statuses = await tools.page.evaluate(async () => {
    const [widget] = stage.host.widgetsOf('main')
    const mounts = ['calm', 'calm', 'spin', 'calm', 'calm'].map((mood) => {
      const mount = stage.host.mount(widget!, 'main', { mood })
      const place = document.createElement('div')
      document.body.append(place)
      mount.attach?.(place)
      return mount
    })
    const all = (wanted: readonly string[]) =>
      Promise.all(
        mounts.map(
          ({ state }) =>
            new Promise<string>((resolve) => {
              const look = ({ status } = state.getState()) => wanted.includes(status) && resolve(status)
              state.subscribe(look)
              look()
            }),
        ),
      )
    await all(['running'])
    await all(['loading', 'failed'])
    return all(['running', 'failed'])
  })
  expect(statuses).toEqual(Array(5).fill('running'))
  expect(await tools.page.evaluate(() => stage.logs.map(({ message }) => message))).toEqual([
    'The framed plugin stopped answering and is started again.',
  ])
})
