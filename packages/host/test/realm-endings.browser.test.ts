/** How realms end, by the plugin's doing and by the host's: one suite for worker and frame. */
import { testBrowser } from '@mortise/testing'
import { describe, expect, test } from 'vitest'
import type { Timing } from '../src/index.ts'
import type { Stage } from './stage/page.ts'
import type { StagePlugin } from './stage/serve-stage.ts'
import { realms, shown } from './stage/shown.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

/** Takes the bridge's port by watching what posts on it. */
const thief = `
  let port
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (...args) { if (args[0]?.type === 'APPLY') port = this; return post.apply(this, args) }
`

/** Does what the slot says, having counted it in its state. */
const moody = `${thief}
  let own
  const moods = {
    calm() {},
    spin() { while (true) {} },
    flood() { for (let count = 0; count < 1e5; count++) post.call(port, { id: 'x', type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value: ['permissions.has', ['x']] }] }) },
    forge() { for (let count = 0; count < 100; count++) post.call(port, 'forged') },
  }
  export default {
    activate({ state }) { own = state.value; state.save('plugin') },
    widgets: { main({ root, state, onDidChangeContext }) {
      let count = state.value ?? 0
      const show = () => { root.textContent = JSON.stringify([own ?? null, count]) }
      onDidChangeContext(({ mood }) => { state.save(++count); show(); moods[mood]() })
      show()
    } },
  }`

/** Spins when told to, and from then on in each new realm. */
const spinner = `export default { widgets: { main({ root, state, onDidChangeContext }) {
  root.textContent = 'up'
  onDidChangeContext(() => { state.save('spin'); while (true) {} })
  if (state.value) setTimeout(() => { while (true) {} })
} } }`

const fast: Partial<Timing> = { heartbeat: 100, misses: 4, restarts: [0, 50], mount: 20_000 }

// Firefox hands messages over so slowly that pings may go unanswered first.
const flooded =
  testBrowser() === 'firefox'
    ? '(sent messages without waiting for any answer|stopped answering)'
    : 'sent messages without waiting for any answer'
const says = (sentence: string) => expect.stringMatching(new RegExp(`^${sentence}$`))

describe.each(realms)('a plugin in a %s', (surface) => {
  const open = (entry: string, timing: Partial<Timing> = {}, neighbors: readonly StagePlugin[] = []) =>
    tools.open([{ id: 'guest', entry, surface }, ...neighbors], timing)
  const mountAll = () => tools.page.evaluate(() => stage.mountAll())
  const sees = (value: unknown, plugin = 'guest') =>
    expect
      .poll(async () => JSON.parse((await shown(tools.page, surface, plugin)) || 'null'), { timeout: 20_000 })
      .toEqual(value)
  /** Ends with the state after the next restart, or the last one. */
  const offend = (mood: string) =>
    tools.page.evaluate(async (next) => {
      stage.update({ mood: next })
      const ended = await stage.settled(0, ['loading', 'failed'])
      await stage.settled(0, ['running', 'failed'])
      return ended
    }, mood)
  const gone = async () => {
    await tools.page.waitForFunction(() => document.querySelectorAll('iframe').length === 0)
    await expect.poll(() => tools.page.workers().length).toBe(0)
  }

  test('that spins is back with what it saved, and its neighbor and the page notice nothing', async () => {
    await open(moody, { ...fast, heartbeat: 250 }, [{ id: 'neighbor', entry: moody, surface }])
    await mountAll()
    await sees([null, 0])
    for (let count = 0; count < 3; count++) await tools.page.evaluate(() => stage.update({ mood: 'calm' }))
    const seen = await tools.page.evaluate(async () => {
      const states = new Set<unknown>()
      let told = 0
      let longest = 0
      let last = performance.now()
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
        states.add(stage.state(1)?.status)
        if (told < 40) stage.update({ mood: 'calm' }, 1)
        told++
      }, 10)
      stage.update({ mood: 'spin' })
      await stage.settled(0, ['loading'])
      const restarting = stage.state(0)
      await stage.settled(0, ['running'])
      clearInterval(timer)
      return { longest, states: [...states], told: Math.min(told, 40), restarting }
    })
    console.log(`${surface}: longest gap ${Math.round(seen.longest)} ms`)
    expect(seen.restarting).toMatchObject({ status: 'loading', restarts: 1 })
    await sees(['plugin', 4])
    expect(seen.states).toEqual(['running'])
    await sees([null, seen.told], 'neighbor')
    // A page that stood still with its plugin would do so for the second it takes to notice.
    expect(seen.longest).toBeLessThan(700)
    await expect.poll(() => tools.page.locator('iframe').count()).toBe(2)
  })

  test('that spins again and again is quarantined until a person starts it again', async () => {
    // Time enough for the document of a worker to say that it is not the one that hangs.
    await open(spinner, { ...fast, heartbeat: 300 })
    await mountAll()
    const failed = await tools.page.evaluate(async () => {
      stage.update({ mood: 'spin' })
      return stage.settled(0, ['failed'])
    })
    expect(failed).toEqual({
      status: 'failed',
      error: {
        code: 'PLUGIN_QUARANTINED',
        name: 'MortiseError',
        message:
          'The guest plugin stopped answering and was stopped 3 times. It stays stopped until somebody starts it again.',
        retryable: false,
        data: { code: 'PLUGIN_TIMEOUT' },
      },
    })
    await gone()
    // A new mount of a quarantined plugin starts nothing.
    const another = await tools.page.evaluate(() => {
      const mount = stage.host.mount(stage.host.widgetsOf('main')[0]!, 'main', {})
      mount.attach?.(document.body.appendChild(document.createElement('div')))
      const state = mount.state.getState()
      mount.unmount()
      return state
    })
    expect(another).toMatchObject({ status: 'failed', error: { code: 'PLUGIN_QUARANTINED' } })
    expect(await tools.page.locator('iframe').count()).toBe(0)
    // What made it hang was in its state: the person's retry starts it without.
    await tools.page.evaluate(() => stage.retry())
    expect(await tools.page.evaluate(() => stage.settled(0, ['running', 'failed']))).toMatchObject({
      status: 'running',
    })
  })

  test('that floods or forges is back with its state, and quarantined in the end', async () => {
    await open(moody, { restarts: [0, 10, 20] })
    await mountAll()
    expect(await offend('flood')).toMatchObject({ status: 'loading', restarts: 1 })
    await sees(['plugin', 1])
    expect(await offend('forge')).toMatchObject({ status: 'loading', restarts: 2 })
    await sees(['plugin', 2])
    expect(await offend('flood')).toMatchObject({
      status: 'failed',
      error: {
        code: 'PLUGIN_QUARANTINED',
        message: says(
          `The guest plugin ${flooded} and was stopped 3 times. It stays stopped until somebody starts it again.`,
        ),
      },
    })
    expect(await tools.page.evaluate(() => stage.logs.map(({ message }) => message))).toEqual([
      says(`The guest plugin ${flooded} and is started again.`),
      'The guest plugin sent messages that break the protocol and is started again.',
      says(`The guest plugin ${flooded} and stays stopped.`),
    ])
    await gone()
  })

  test('that throws while drawing one widget keeps its others', async () => {
    const entry = `export default { widgets: {
      bad: () => { throw new Error('mine') },
      good: ({ root }) => { root.textContent = '"fine"' },
    } }`
    await tools.open([{ id: 'guest', entry, surface, widgets: ['bad', 'good'] }])
    expect(await mountAll()).toMatchObject([
      {
        status: 'failed',
        error: {
          code: 'PLUGIN_THREW',
          message: 'The guest plugin threw while drawing its widget: Error: mine',
        },
      },
      { status: 'running' },
    ])
    await sees('fine')
  })

  test('that failed to load is started anew from its current file by a retry', async () => {
    let fixed = false
    const entry: StagePlugin['entry'] = (response) => {
      response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' })
      response.end(fixed ? moody : "throw new Error('not yet')")
    }
    await tools.open([{ id: 'guest', entry, surface }])
    expect(await mountAll()).toMatchObject([{ status: 'failed', error: { code: 'PLUGIN_LOAD_FAILED' } }])
    fixed = true
    await tools.page.evaluate(() => stage.retry())
    await sees([null, 0])
  })

  const tidy = `export default {
    activate({ log }) {
      log.info('activated')
      return () => log.info('deactivated')
    },
    widgets: { main({ root, log, signal }) {
      root.textContent = '"up"'
      signal.addEventListener('abort', () => log.info('aborted'))
      return () => log.info('torn down')
    } },
  }`

  test('ends in good order when its widget is unmounted, and nothing of it is left', async () => {
    await open(tidy, { idle: 500 })
    await mountAll()
    await sees('up')
    await tools.page.evaluate(() => stage.unmount())
    expect(await tools.page.evaluate(() => [stage.state(), stage.tree()])).toMatchObject([
      { status: 'closed' },
      [],
    ])
    await gone()
    const logs = await tools.page.evaluate(() => stage.logs.map(({ message }) => message))
    expect(logs[0]).toBe('activated')
    // A realm that is its widget's alone is closed with it, and has no time to say so.
    if (surface === 'worker') expect(logs).toEqual(['activated', 'aborted', 'torn down'])
    expect(await mountAll()).toMatchObject([{ status: 'running' }])
  })

  test('stops at once when it is disabled, and is listed again when it is enabled', async () => {
    const [record] = await open(tidy)
    await mountAll()
    await tools.page.evaluate(async (given) => {
      stage.setPlugins([{ ...given, enabled: false, status: 'disabled' }])
      stage.publish('plugin.disabled', { plugin: 'guest' })
      await stage.settled(0, ['closed'])
    }, record!)
    expect(await tools.page.evaluate(() => stage.host.widgetsOf('main'))).toEqual([])
    await gone()
    await tools.page.evaluate(async (given) => {
      stage.unmount()
      stage.setPlugins([given])
      await stage.host.refresh()
    }, record!)
    expect(await mountAll()).toMatchObject([{ status: 'running' }])
    await sees('up')
  })

  test('leaves nothing in the page when the engine stops', async () => {
    await open(tidy)
    await mountAll()
    await sees('up')
    await tools.page.evaluate(() => stage.host.stop())
    expect(await tools.page.evaluate(() => stage.state())).toMatchObject({ status: 'closed' })
    await gone()
    expect(await tools.page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0)
  })
})
