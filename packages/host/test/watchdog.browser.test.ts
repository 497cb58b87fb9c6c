import { testBrowser } from '@mortise/testing'
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

/** Spins on a press, and from then on in each new realm. */
const spinner: StagePlugin = {
  id: 'spinner',
  entry: `export default { widgets: { main({ root, state }) {
    const button = document.createElement('m-button')
    button.addEventListener('press', () => { state.save('spin'); while (true) {} })
    root.append(button)
    if (state.value) setTimeout(() => { while (true) {} })
  } } }`,
}

const fast = { heartbeat: 100, misses: 4, restarts: [0, 50], mount: 20_000 }

const textOf = (index: number) =>
  tools.page.evaluate((at) => {
    const text = stage.tree(at).find((node) => Array.isArray(node) && node[0] === 'm-text')
    return (text as [string, object, string[], string[]] | undefined)?.[3][0]
  }, index)

test('a plugin that spins is back with what it saved, and its neighbor and the page notice nothing', async () => {
  await tools.open([counter, { ...counter, id: 'neighbor' }], { ...fast, heartbeat: 250 })
  await tools.page.evaluate(() => stage.mountAll())
  const seen = await tools.page.evaluate(async () => {
    for (let count = 0; count < 3; count++) stage.use('m-button', 'press')
    const states: unknown[] = []
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      if (stage.state(1)?.status === 'running') stage.use('m-button', 'press', [], 1)
      states.push(stage.state(1)?.status)
    }, 10)
    stage.use('m-switch', 'change', [true])
    await stage.settled(0, ['loading'])
    const lost = performance.now()
    const restarting = stage.state(0)
    await stage.settled(0, ['running'])
    const respawnMs = performance.now() - lost
    clearInterval(timer)
    return { longest, neighbor: new Set(states).size, presses: states.length, restarting, respawnMs }
  })
  console.log(`back after ${Math.round(seen.respawnMs)} ms, longest gap ${Math.round(seen.longest)} ms`)
  expect(seen.restarting).toEqual({ status: 'loading', restarts: 1 })
  expect(await textOf(0)).toBe('4')
  expect(seen.neighbor).toBe(1)
  await expect.poll(() => textOf(1)).toBe(String(seen.presses))
  // A page that stood still with its plugin would do so for the second it takes to notice.
  expect(seen.longest).toBeLessThan(700)
  await expect.poll(() => tools.page.workers().length).toBe(2)
})

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

// Firefox hands messages over so slowly that pings may go unanswered first.
const flooded =
  testBrowser() === 'firefox'
    ? '(sent messages without waiting for any answer|stopped answering)'
    : 'sent messages without waiting for any answer'
const says = (sentence: string) => expect.stringMatching(new RegExp(`^${sentence}$`))

test('a plugin that floods or forges is back with its state, later each time, and quarantined in the end', async () => {
  const entry = `
    let port
    const post = MessagePort.prototype.postMessage
    MessagePort.prototype.postMessage = function (...args) { port = this; return post.apply(this, args) }
    export default { widgets: { main({ root, state }) {
      const text = document.createElement('m-text')
      text.textContent = String(state.value ?? 0)
      const flood = document.createElement('m-button')
      flood.addEventListener('press', () => {
        state.save((state.value ?? 0) + 1)
        for (let count = 0; count < 1e5; count++) post.call(port, { id: 'x', type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value: ['permissions.has', ['x']] }] })
      })
      const forge = document.createElement('m-switch')
      forge.addEventListener('change', () => { for (let count = 0; count < 100; count++) post.call(port, 'forged') })
      root.append(text, flood, forge)
    } } }`
  await tools.open([{ id: 'rogue', entry }], { restarts: [0, 10, 20] })
  await tools.page.evaluate(() => stage.mountAll())
  const offend = (element: string, event: string) =>
    tools.page.evaluate(
      async ([tag, type]) => {
        stage.use(tag!, type!, [true])
        return (await stage.settled(0, ['loading', 'failed'])) as { status: string; restarts?: number }
      },
      [element, event],
    )
  expect(await offend('m-button', 'press')).toEqual({ status: 'loading', restarts: 1 })
  await tools.page.evaluate(() => stage.settled(0, ['running']))
  expect(await textOf(0)).toBe('1')
  expect(await offend('m-switch', 'change')).toEqual({ status: 'loading', restarts: 2 })
  await tools.page.evaluate(() => stage.settled(0, ['running']))
  expect(await textOf(0)).toBe('1')
  expect(await offend('m-button', 'press')).toMatchObject({
    status: 'failed',
    error: {
      code: 'PLUGIN_QUARANTINED',
      message: says(
        `The rogue plugin ${flooded} and was stopped 3 times. It stays stopped until somebody starts it again.`,
      ),
    },
  })
  expect(await tools.page.evaluate(() => stage.logs.map(({ message }) => message))).toEqual([
    says(`The rogue plugin ${flooded} and is started again.`),
    'The rogue plugin sent messages that break the protocol and is started again.',
    says(`The rogue plugin ${flooded} and stays stopped.`),
  ])
})

test('a frame that spins is back with what its plugin and its widget saved', async () => {
  const entry = `let own
    export default {
      activate({ state }) { own = state.value; state.save('plugin') },
      widgets: { main({ root, state }) {
        root.id = 'drawn'
        root.textContent = JSON.stringify([own ?? null, state.value ?? null])
        if (!state.value) setTimeout(() => { state.save('widget'); while (true) {} }, 100)
      } },
    }`
  await tools.open([{ id: 'framed', entry, surface: 'frame' }], fast)
  await tools.page.evaluate(async () => {
    await stage.mountAll()
    await stage.settled(0, ['loading'])
    await stage.settled(0, ['running'])
  })
  expect(await tools.page.locator('iframe').count()).toBe(1)
  expect(await tools.page.frameLocator('iframe').locator('#drawn').textContent()).toBe('["plugin","widget"]')
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

test('a plugin that hangs again and again is quarantined until a person starts it again', async () => {
  // Time enough for the document of the worker to say that it is not the one that hangs.
  await tools.open([spinner, counter], { ...fast, heartbeat: 300 })
  await tools.page.evaluate(() => stage.mountAll())
  const failed = await tools.page.evaluate(async () => {
    const index = stage.host.widgetsOf('main').findIndex(({ plugin }) => plugin.id === 'spinner')
    stage.use('m-button', 'press', [], index)
    await stage.settled(index, ['failed'])
    return { state: stage.state(index), neighbor: stage.state(1 - index), index }
  })
  expect(failed.state).toEqual({
    status: 'failed',
    error: {
      code: 'PLUGIN_QUARANTINED',
      name: 'MortiseError',
      message:
        'The spinner plugin stopped answering and was stopped 3 times. It stays stopped until somebody starts it again.',
      retryable: false,
      data: { code: 'PLUGIN_TIMEOUT' },
    },
  })
  expect(failed.neighbor).toEqual({ status: 'running' })
  await expect.poll(() => tools.page.workers().length).toBe(1)
  // A new mount of a quarantined plugin starts nothing.
  expect(
    await tools.page.evaluate((at) => {
      const mount = stage.host.mount(stage.host.widgetsOf('main')[at]!, 'main', {})
      const state = mount.state.getState()
      mount.unmount()
      return state
    }, failed.index),
  ).toMatchObject({ status: 'failed', error: { code: 'PLUGIN_QUARANTINED' } })
  // What made it hang was in its state: the person's retry starts it without.
  await tools.page.evaluate((at) => stage.retry(at), failed.index)
  expect(await tools.page.evaluate((at) => stage.settled(at, ['running', 'failed']), failed.index)).toEqual({
    status: 'running',
  })
})

test("a reload hands the plugin's state and the widget's back, and disabling the plugin drops both", async () => {
  const entry = `let own
    export default {
      activate({ state }) { own = state.value; state.save({ runs: (own?.runs ?? 0) + 1 }) },
      widgets: { main({ root, state }) {
        root.textContent = JSON.stringify([own ?? null, state.value ?? null])
        state.save('mine')
      } },
    }`
  const [record] = await tools.open([{ id: 'saver', entry }])
  await tools.page.evaluate(() => stage.mountAll())
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['[null,null]'])
  await tools.page.evaluate(async () => {
    await stage.host.reload('saver')
    await stage.settled(0, ['running'])
  })
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['[{"runs":1},"mine"]'])
  await tools.page.evaluate(async (given) => {
    stage.setPlugins([{ ...given, enabled: false, status: 'disabled' }])
    await stage.host.refresh()
    stage.setPlugins([given])
    await stage.host.refresh()
    await stage.mountAll()
  }, record!)
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['[null,null]'])
})

test('events that came after the last save are sent again, those before are not', async () => {
  const entry = `
    const seen = []
    let next
    export default {
      activate({ state, events }) {
        seen.push(...(state.value ?? []))
        events.on('note.added', ({ data }) => {
          seen.push(data.text)
          if (data.text === 'two') state.save(seen)
          if (data.text === 'spin') while (true) {}
          next?.()
        })
        if (!state.value) state.save([])
      },
      widgets: { main({ root }) { next = () => { root.textContent = seen.join(' ') }; next() } },
    }`
  await tools.open([{ id: 'follower', entry, granted: ['read:notes'] }], fast)
  await tools.page.evaluate(() => stage.mountAll())
  for (const text of ['one', 'two', 'three']) {
    await tools.page.evaluate((told) => stage.publish('note.added', { text: told }), text)
    await tools.page.waitForFunction((told) => String(stage.tree()[0]).endsWith(told), text)
  }
  await tools.page.evaluate(async () => {
    await stage.host.reload('follower')
    stage.publish('note.added', { text: 'four' })
    await stage.settled(0, ['running'])
  })
  await tools.page.waitForFunction(() => String(stage.tree()[0]) === 'one two three four')
})

test('a state too large, saved too often or not plain is refused, and the last good one is kept', async () => {
  const entry = `export default { widgets: { async main({ root, state, log }) {
    if (state.value) { root.textContent = state.value; return }
    const codes = []
    const save = (value) => state.save(value).catch((error) => codes.push(error.code))
    await save('good')
    await save('x'.repeat(300_000))
    await save(new Error('not plain'))
    await Promise.all(Array.from({ length: 120 }, () => save('good')))
    root.textContent = [...new Set(codes)].join(' ')
  } } }`
  await tools.open([{ id: 'greedy', entry }])
  await tools.page.evaluate(() => stage.mountAll())
  expect(await tools.page.evaluate(() => stage.tree())).toEqual([
    'PAYLOAD_TOO_LARGE INPUT_INVALID RATE_LIMITED',
  ])
  await tools.page.evaluate(async () => {
    await stage.host.reload('greedy')
    await stage.settled(0, ['running'])
  })
  expect(await tools.page.evaluate(() => stage.tree())).toEqual(['good'])
})

test('a plugin too slow for its events misses the oldest, is told so, and gets the newest', async () => {
  const entry = `export default {
    activate({ events, log }) {
      const seen = []
      let missed = 0
      events.onMissed((count) => { missed += count })
      events.on('note.added', ({ data }) => {
        seen.push(data.text)
        if (seen.length === 1) { const end = Date.now() + 1500; while (Date.now() < end); }
        if (data.text === '1999') log.info('done', { seen: seen.length, missed, first: seen[0] })
      })
    },
    widgets: { main({ root }) { root.textContent = 'up' } },
  }`
  await tools.open([{ id: 'slow', entry, granted: ['read:notes'] }], { heartbeat: 10_000 })
  await tools.page.evaluate(async () => {
    await stage.mountAll()
    for (let count = 0; count < 2000; count++) stage.publish('note.added', { text: String(count) })
  })
  await tools.page.waitForFunction(() => stage.logs.some(({ message }) => message === 'done'))
  const data = await tools.page.evaluate(() => stage.logs.find(({ message }) => message === 'done')?.data)
  const { seen, missed, first } = data as { seen: number; missed: number; first: string }
  expect(first).toBe('0')
  expect(missed).toBeGreaterThan(1000)
  expect(seen + missed).toBe(2000)
})

test('a call that ends with its signal ends in the host, and the plugin goes on', async () => {
  const entry = `export default { widgets: { async main({ root, withSignal, api }) {
    const controller = new AbortController()
    const call = withSignal(controller.signal).notes.list()
    setTimeout(() => controller.abort(new Error('enough')), 50)
    const said = await call.catch((error) => error.message)
    root.textContent = said + ' ' + (await api.notes.list()).length
  } } }`
  await tools.open([{ id: 'canceller', entry, granted: ['read:notes'] }])
  await tools.page.evaluate(() => {
    stage.hangNext()
    return stage.mountAll()
  })
  await tools.page.waitForFunction(() => String(stage.tree()[0]) === 'enough 1')
  expect(await tools.page.evaluate(() => stage.aborted)).toBe(1)
})
