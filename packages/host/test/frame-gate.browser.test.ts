import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

const entry = "export default { widgets: { main({ root }) { root.textContent = 'up' } } }"
const framed = { id: 'framed', entry, surface: 'frame' } as const

/** Opens the page as if in a browser that confines no frame. */
async function openUnconfined(plugins: Parameters<typeof tools.open>[0]): Promise<void> {
  await tools.open([])
  const records = plugins.map((plugin) => tools.server.install(plugin))
  await tools.page.evaluate((given) => {
    stage.setConfined(false)
    return stage.open(given)
  }, records)
}

const frames = () => tools.page.locator('iframe').count()
const asked = () => tools.server.requests.filter((request) => request.startsWith('framed.localhost'))

test('where the browser confines no frame, a frame plugin starts only once a person says so, and ends when they take it back', async () => {
  await openUnconfined([framed])
  expect(await tools.page.evaluate(() => stage.mountAll())).toEqual([
    {
      status: 'failed',
      error: {
        code: 'FRAME_UNCONFINED',
        name: 'MortiseError',
        message:
          'The framed plugin was not started: it draws in a frame, and this browser cannot keep a frame from sending what it reads to any host.',
        retryable: false,
      },
    },
  ])
  // A retry is no decision.
  await tools.page.evaluate(() => stage.retry())
  expect(await tools.page.evaluate(() => stage.state())).toMatchObject({
    error: { code: 'FRAME_UNCONFINED' },
  })
  expect(await frames()).toBe(0)
  expect(asked()).toEqual([])

  await tools.page.evaluate(() => stage.host.allowUnconfined('framed', true))
  expect(await tools.page.evaluate(() => stage.settled(0, ['running', 'failed']))).toMatchObject({
    status: 'running',
  })
  const { unconfined, confinesFrames } = await tools.page.evaluate(() => stage.host.store.getState())
  expect({ unconfined, confinesFrames }).toEqual({ unconfined: ['framed@1.0.0'], confinesFrames: false })

  await tools.page.evaluate(() => stage.host.allowUnconfined('framed', false))
  expect(await tools.page.evaluate(() => stage.state())).toMatchObject({
    error: { code: 'FRAME_UNCONFINED' },
  })
  await expect.poll(frames).toBe(0)
  expect(await tools.page.evaluate(() => stage.host.store.getState().unconfined)).toEqual([])
})

test('the decision holds for one version of one plugin', async () => {
  await openUnconfined([framed, { ...framed, id: 'other' }])
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.evaluate(() => stage.host.allowUnconfined('framed', true))
  await tools.page.evaluate(() => stage.settled(0, ['running']))
  expect(await tools.page.evaluate(() => stage.state(1))).toMatchObject({
    error: { code: 'FRAME_UNCONFINED' },
  })

  const next = tools.server.install({ ...framed, version: '2.0.0' })
  await tools.page.evaluate((record) => {
    stage.setPlugins([record])
    return stage.host.refresh('framed')
  }, next)
  expect(await tools.page.evaluate(() => stage.settled(0, ['running', 'failed']))).toMatchObject({
    error: { code: 'FRAME_UNCONFINED' },
  })
})

test('a worker plugin starts everywhere', async () => {
  await openUnconfined([{ ...framed, surface: 'worker' }])
  expect(await tools.page.evaluate(() => stage.mountAll())).toEqual([{ status: 'running' }])
  // Nobody had to find out.
  expect(await tools.page.evaluate(() => stage.host.store.getState().confinesFrames)).toBeUndefined()
})

test('a widget unmounted while the browser is tried out starts nothing', async () => {
  await tools.open([framed])
  await tools.page.evaluate(() => {
    void stage.mountAll()
    stage.unmount()
    return stage.host.confinesFrames()
  })
  expect(await tools.page.evaluate(() => stage.state())).toEqual({ status: 'closed' })
  expect(await frames()).toBe(0)
})
