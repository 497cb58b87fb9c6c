import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

const caller = `export default { widgets: { async main({ root, api, events, log }) {
  const seen = document.createElement('m-text')
  root.append(seen)
  await Promise.all([api.notes.list(), api.notes.list(), api.made.up().catch(() => {})])
  await api.notes.add('no').catch(() => {})
  events.on('note.added', ({ data }) => { seen.textContent = data.text })
  root.append(document.createElement('m-divider'))
} } }`

test('the recorder tells what a plugin called, which permissions it never needed, and that the log is whole', async () => {
  await tools.open([
    { id: 'caller', entry: caller, granted: ['read:notes'], denied: ['write:notes'] },
    { id: 'quiet', entry: "export default { widgets: { main({ root }) { root.textContent = 'q' } } }" },
  ])
  await tools.page.evaluate(() => stage.mountAll())
  const seen = await tools.page.evaluate(async () => ({
    calls: stage.host.recorder.records('caller').map(({ method, outcome }) => `${method} ${outcome}`),
    usage: stage.host.recorder.usage('caller'),
    verdict: await stage.host.recorder.verify(),
    total: stage.host.recorder.records().length,
  }))
  expect(seen.calls).toEqual(
    expect.arrayContaining([
      'guest.ready OK',
      'notes.list OK',
      ' METHOD_UNKNOWN',
      'notes.add PERMISSION_DENIED',
    ]),
  )
  expect(seen.usage).toMatchObject({ errors: 2, used: ['read:notes'], unused: ['write:notes'] })
  const list = seen.usage.methods.find(({ method }) => method === 'notes.list')
  expect(list).toMatchObject({ calls: 2, permission: 'read:notes', errors: {} })
  expect(list?.p95).toBeGreaterThan(0)
  expect(seen.verdict).toMatchObject({ ok: true, records: seen.total })
})

test('each plugin has an account of its calls, changes, events and answers to pings', async () => {
  await tools.open([{ id: 'caller', entry: caller, granted: ['read:notes'] }], { heartbeat: 50 })
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.evaluate(() => stage.publish('note.added', { text: 'new' }))
  await tools.page.waitForFunction(() => {
    const { caller } = stage.host.costs.getState()
    return caller && caller.events === 1 && caller.mutations >= 3 && caller.latencyMs > 0
  })
  const cost = await tools.page.evaluate(() => stage.host.costs.getState().caller!)
  expect(cost).toMatchObject({ events: 1, restarts: 0, quarantined: false })
  expect(cost.calls).toBeGreaterThan(6)
  expect(cost.bytes).toBeGreaterThan(100)
  expect(cost.over).toBeUndefined()
})

test('a plugin beyond its budget is marked, and stopped where it stays so', async () => {
  const busy = `export default { widgets: { main({ root, api }) {
    root.textContent = 'busy'
    setInterval(() => { for (let n = 0; n < 20; n++) api.notes.list() }, 20)
  } } }`
  const entry = busy.replace('n < 20', 'n < 2')
  await tools.open(
    [
      { id: 'busy', entry: busy, granted: ['read:notes'] },
      { id: 'medium', entry, granted: ['read:notes'] },
    ],
    {},
    { warn: { calls: 20 }, quarantine: { calls: 250 }, patience: 2 },
  )
  await tools.page.evaluate(() => stage.mountAll())
  expect(await tools.page.evaluate(() => stage.settled(0, ['failed']))).toMatchObject({
    error: {
      code: 'PLUGIN_QUARANTINED',
      message:
        'The busy plugin went beyond its budget (more than 250 calls a second) and stays stopped until somebody starts it again.',
    },
  })
  await tools.page.waitForFunction(() => stage.host.costs.getState().busy?.quarantined)
  expect(await tools.page.evaluate(() => stage.state(1))).toEqual({ status: 'running' })
  expect(await tools.page.evaluate(() => stage.host.costs.getState().medium?.over)).toBe('warn')
})

test('a plugin beyond its budget is slowed down, loses no call, keeps its realm and recovers', async () => {
  const entry = `export default { widgets: { main({ root, api }) {
    const button = document.createElement('m-button')
    button.addEventListener('press', async () => {
      const answers = []
      for (let n = 0; n < 120; n++) { answers.push(api.notes.list()); await new Promise((next) => setTimeout(next, 3)) }
      await Promise.all(answers)
      root.append(' answered ' + answers.length)
    })
    root.append(button)
  } } }`
  const budgets = { throttle: { calls: 60 }, throttledRate: 60, throttleMs: 2000 }
  await tools.open(
    [{ id: 'busy', entry, granted: ['read:notes'] }],
    { heartbeat: 100, misses: 4, mount: 20_000 },
    budgets,
  )
  await tools.page.evaluate(() => stage.mountAll())
  for (let round = 0; round < 3; round++) await tools.page.evaluate(() => stage.use('m-button', 'press'))
  await tools.page.waitForFunction(() => stage.host.costs.getState().busy?.throttled)
  expect(await tools.page.evaluate(() => stage.host.costs.getState().busy?.over)).toBe('throttle')
  await tools.page.waitForFunction(() => stage.tree().filter((text) => text === ' answered 120').length === 3)
  await tools.page.waitForFunction(() => stage.host.costs.getState().busy?.throttled === false)
  expect(await tools.page.evaluate(() => stage.host.costs.getState().busy)).toMatchObject({
    restarts: 0,
    quarantined: false,
  })
  expect(await tools.page.evaluate(() => stage.state())).toEqual({ status: 'running' })
})
