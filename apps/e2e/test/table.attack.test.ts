/**
 * Every row of the guard tables, tried by a plugin in each realm: alone, in batches, with a signal and by hand; before,
 * while and after a person was asked; and in the other direction, with what only the host may say.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes, frameworkDomain, type HostMessage, methodTable } from '@mortise/contract'
import { streamspace } from '@mortise/domains/streamspace'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConsole, type Problems, startFrame, useConsole } from '../src/index.ts'

const rows = [...methodTable([streamspace]).values()]
const guarded = rows.filter(({ permission }) => permission !== null)
const permissions = [...new Set(guarded.map(({ permission }) => permission!))]
const events = Object.entries(streamspace.events).map(([type, { permission }]) => ({ type, permission }))
const realms = ['worker', 'frame'] as const
type Realm = (typeof realms)[number]

const hostMessages = Object.keys({
  mount: 0,
  context: 0,
  unmount: 0,
  event: 0,
  ui: 0,
  grants: 0,
  theme: 0,
  ping: 0,
  stop: 0,
} satisfies Record<HostMessage['type'], 0>)

/** Nothing of it ends a plugin by itself: what does has a test of its own. */
const hostile: readonly (readonly unknown[])[] = [
  [],
  [null],
  [-1],
  ['__proto__'],
  ['constructor', { constructor: { prototype: { polluted: 1 } } }],
  ['x'.repeat(20_000)],
  ['<img src=x onerror=alert(1)>'],
  [{}],
  [{ length: 1, 0: 'x' }],
  [[[[[[]]]]]],
  Array.from({ length: 50 }, () => 'more than any method takes'),
]
/** What the engine would end the plugin for, or what would end what the test looks at. */
const fateful = new Set([
  'guest.ready',
  'guest.failed',
  'guest.mounted',
  'permissions.request',
  'storage.set',
])

const stage = useConsole()
let page: Page
let context: BrowserContext
let problems: Problems
let number = 0

beforeAll(async () => {
  const source = readFileSync(join(import.meta.dirname, 'attacks/table-plugin.js'), 'utf8')
    .replace('__METHODS__', JSON.stringify(guarded.map(({ name }) => name)))
    .replace('__EVENTS__', JSON.stringify(events.map(({ type }) => type)))
    .replace('__HOSTILE__', JSON.stringify(hostile))
    .replace('__HOST_MESSAGES__', JSON.stringify(hostMessages))
  for (const surface of realms) {
    await stage.client.install({
      manifest: {
        name: `grabber-${surface}`,
        version: '1.0.0',
        displayName: `Grabber in a ${surface}`,
        description: 'Wants everything, has nothing.',
        type: 'extension',
        author: 'Mallory',
        surface,
        permissions,
        entrypoints: { ui: 'grab.js' },
        contributes: { widgets: [{ id: 'main', title: `Grabber ${surface}`, slot: 'dashboard.main' }] },
      },
      files: { 'grab.js': source },
      grant: [],
    })
  }
  ;({ page, context, problems } = await openConsole(stage.browser, stage.console))
  await startFrame(page, 'Grabber frame')
})

afterAll(async () => {
  expect(problems).toEqual({ errors: [], policy: [] })
  expect(await page.evaluate(() => Object.keys(Object.prototype))).toEqual([])
  // The guard is what was looked at, not the end of a realm that was too rude to go on.
  for (const realm of realms) {
    const { body } = await stage.client.request('GET', `/plugins/grabber-${realm}/logs`)
    expect(JSON.stringify(body)).not.toMatch(/BRIDGE_VIOLATION|RATE_LIMITED/)
  }
  await context.close()
})

interface Answer {
  readonly outcomes: Readonly<Record<string, readonly string[]>>
  readonly granted: readonly string[]
  readonly heard: readonly string[]
  readonly believes: readonly string[]
  readonly asked: readonly string[]
  readonly told: readonly boolean[]
  readonly codes: readonly string[]
  readonly leaks: readonly string[]
}

/** Leaves an order where the plugin looks for one. Answers the number of its answer. */
async function give(realm: Realm, what: string, names: readonly string[] = []): Promise<number> {
  const order = { number: ++number, what, names }
  const [result] = await stage.client.calls([['storage.set', ['order', order]]], `grabber-${realm}`)
  expect(result).toMatchObject({ ok: true })
  return number
}

async function answerOf(realm: Realm, wanted: number, what = 'answer'): Promise<Answer> {
  for (let tries = 0; tries < 400; tries++) {
    const [result] = await stage.client.calls([['storage.get', [`${what} ${wanted}`]]], `grabber-${realm}`)
    if (result?.ok && result.value !== null) return result.value as Answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`The plugin in a ${realm} never gave ${what} ${wanted}.`)
}

const order = async (realm: Realm, what: string, names?: readonly string[]) =>
  answerOf(realm, await give(realm, what, names))

const sevenTimes = (word: string) => Array.from({ length: 7 }, () => word)
const denied = Object.fromEntries(guarded.map(({ name }) => [name, sevenTimes('PERMISSION_DENIED')]))

/** That exactly the rows of one permission get past the guard, whichever way they come. */
function expectOnly(allowed: string, outcomes: Answer['outcomes']): void {
  for (const { name, permission } of guarded) {
    if (permission !== allowed) expect(outcomes[name], name).toEqual(denied[name])
    else {
      expect(outcomes[name], name).toHaveLength(7)
      expect(outcomes[name], name).not.toContain('PERMISSION_DENIED')
      expect(outcomes[name], name).not.toContain('nothing')
    }
  }
}

for (const realm of realms) {
  let tried: Answer['outcomes'] = {}

  test.each(guarded.map(({ name }) => name))(
    `%s is denied to a ${realm} by the page, in each of seven ways, and by the server`,
    async (name) => {
      if (Object.keys(tried).length === 0) ({ outcomes: tried } = await order(realm, 'try'))
      expect(tried[name]).toEqual(denied[name])
      const [result] = await stage.client.calls([[name, []]], `grabber-${realm}`)
      expect(result).toMatchObject({ ok: false, error: { code: 'PERMISSION_DENIED' } })
    },
  )

  test.each(permissions)(
    `asking for %s from a ${realm} opens nothing until a person agrees, then its own rows, until it is taken back`,
    async (permission) => {
      const answer = await give(realm, 'ask', [permission])
      const prompt = page.getByRole('alertdialog', { name: `Grabber in a ${realm} asks for a permission` })
      await prompt.getByText(permission, { exact: true }).waitFor()
      const refused = guarded.map(() => 'PERMISSION_DENIED')
      expect(await answerOf(realm, answer, 'asked')).toEqual({
        together: refused,
        batch: refused,
        has: false,
      })
      await prompt.getByRole('button', { name: 'Allow' }).click()
      const { granted, outcomes } = await answerOf(realm, answer)
      expect(granted).toEqual([permission])
      expectOnly(permission, outcomes)
      await stage.client.grant(`grabber-${realm}`, { [permission]: false })
      await expect.poll(async () => (await order(realm, 'try')).outcomes).toEqual(denied)
    },
  )

  test.each([...new Set(events.map(({ permission }) => permission))])(
    `of all events a ${realm} that may %s gets those and no others`,
    async (permission) => {
      await stage.client.grant(`grabber-${realm}`, { [permission!]: true })
      await order(realm, 'heard')
      const [sessions, users] = await stage.client.calls([
        ['sessions.list', [{ limit: 1 }]],
        ['users.list', [{ limit: 1 }]],
      ])
      const first = (result: typeof sessions) => (result?.ok ? (result.value as unknown[])[0] : undefined)
      const data = { session: first(sessions), user: first(users) }
      for (const { type } of events) {
        const { status } = await stage.client.request('POST', '/events', { event_type: type, data })
        expect(status, type).toBe(202)
      }
      const wanted = events.filter((event) => event.permission === permission).map(({ type }) => type)
      const heard = new Set<string>()
      await expect
        .poll(async () => {
          for (const type of (await order(realm, 'heard')).heard) heard.add(type)
          return [...heard].filter((type) => events.some((event) => event.type === type)).sort()
        })
        .toEqual(wanted.sort())
      await stage.client.grant(`grabber-${realm}`, { [permission!]: false })
      // The page hears of it a moment later.
      await expect.poll(async () => (await order(realm, 'try')).outcomes).toEqual(denied)
    },
  )

  test(`a ${realm} that says to itself or to the host what only the host may say is granted nothing`, async () => {
    const { believes, asked, told, outcomes } = await order(realm, 'forge', permissions)
    // It fools its own SDK, and nobody else.
    expect(believes).toEqual(permissions)
    expect(asked).toEqual(permissions)
    expect(told).toEqual(permissions.map(() => false))
    expect(outcomes).toEqual(denied)
    await page.getByRole('article', { name: `Grabber ${realm}` }).waitFor()
  })

  test(`arguments that no row takes get a ${realm} nothing but coded errors`, async () => {
    const open = [...methodTable([frameworkDomain]).values(), ...rows].map(({ name }) => name)
    const { codes, leaks } = await order(
      realm,
      'hostile',
      open.filter((name) => !fateful.has(name)),
    )
    expect(leaks).toEqual([])
    expect(codes).toContain('INPUT_INVALID')
    expect(codes.filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([])
    // Still there, still denied.
    expect((await order(realm, 'try')).outcomes).toEqual(denied)
  })

  test(`a ${realm} that a person refuses everything has nothing, and is not asked again at once`, async () => {
    const answer = await give(realm, 'ask', permissions)
    const name = `Grabber in a ${realm} asks for ${permissions.length} permissions`
    const prompt = page.getByRole('alertdialog', { name })
    await prompt.getByRole('button', { name: 'Not now' }).click()
    const first = await answerOf(realm, answer)
    expect([first.granted, first.outcomes]).toEqual([[], denied])
    const second = await order(realm, 'ask', permissions)
    expect([second.granted, second.outcomes]).toEqual([[], denied])
    expect(await page.getByRole('alertdialog').count()).toBe(0)
  })
}
