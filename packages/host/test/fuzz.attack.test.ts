/** Random messages through the whole engine, from both realms and to them, in a real browser. */
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { componentsByElement } from '@mortise/contract'
import { beforeAll, expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { realms } from './stage/shown.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

const rounds = { worker: 100_000, frame: 20_000 }
const seed = Number(process.env.MORTISE_FUZZ_SEED ?? Date.now() % 2 ** 31)
const elements = JSON.stringify([...componentsByElement.keys(), 'script', 'iframe'])

/** What a guest had in answer to its messages: how many went well, and how many failed with which code. */
type Tally = Readonly<Record<string, number>>

let fuzzer = ''

beforeAll(async () => {
  fuzzer = stripTypeScriptTypes(await readFile(join(import.meta.dirname, 'stage/fuzzer.ts'), 'utf8'))
  console.log(`fuzz seed ${seed}; run it again with MORTISE_FUZZ_SEED=${seed}`)
})

/** Counts what nobody caught, in whichever realm it is part of. */
const watching = `
  const uncaught = []
  addEventListener('error', (event) => uncaught.push(String(event.message)))
  addEventListener('unhandledrejection', (event) => uncaught.push(String(event.reason)))
  // The log is limited, and what is random may use it up.
  const done = (log, data) => setInterval(() => log.info('done', { ...data, uncaught: [...new Set(uncaught)] }), 200)`

/** Sends what the fuzzer makes, by hand. */
const sender = (count: number) => `import { createFuzzer } from './fuzzer.js'
  ${watching}
  let port
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (...args) { if (args[0]?.type === 'APPLY') port = this; return post.apply(this, args) }
  let mounted = 1
  const { message } = createFuzzer(${seed}, ${elements}, () => mounted)
  const tally = { secrets: 0 }
  const count = (name) => { tally[name] = (tally[name] ?? 0) + 1 }
  const flushed = new Map()
  const flush = (id) => new Promise((resolve) => {
    flushed.set(id, resolve)
    post.call(port, { id, type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value: ['notes.list', []] }] })
  })
  const receive = ({ data }) => {
    if (data?.event?.event_type === 'secret.told') tally.secrets++
    if (data?.event) count('events')
    if (data?.type === 'mount') mounted = data.mounts[0].mount
    if (data?.type !== 'RAW') return
    flushed.get(data.id)?.()
    const results = Array.isArray(data.value) ? [...data.value[1].map(([, error]) => ({ error })), ...data.value[0].map(() => ({ ok: true }))] : [data.value]
    for (const { ok, error } of results) count(ok ? 'ok' : error.code)
  }
  export default { widgets: { main({ root, log, events, onDidChangeContext }) {
    root.textContent = 'up'
    port.addEventListener('message', receive)
    for (const type of ['note.*', 'secret.*', '*']) events.on(type, () => {})
    onDidChangeContext(async () => {
      for (let round = 0; round < ${count}; round++) {
        const made = message()
        post.call(port, made.message, made.transfer)
        if (round % 1000 === 999) await flush('flush ' + round)
      }
      done(log, tally)
    })
  } } }`

/** Calls again and again, and takes whatever comes as an answer. */
const caller = `${watching}
  let settled = 0
  let over = false
  export default { widgets: { main({ root, api, log, events, onDidChangeContext }) {
    root.textContent = 'up'
    events.on('*', () => {})
    const call = () => {
      const one = api.notes.list().then(() => settled++, () => settled++)
      const two = Promise.allSettled([api.notes.list(), api.notes.list()])
      Promise.all([one, two]).then(() => { if (!over) setTimeout(call) })
    }
    onDidChangeContext(async ({ mood }) => {
      if (mood === 'begin') return call()
      over = true
      done(log, { settled, list: await api.notes.list() })
    })
  } } }`

/** What the page's own objects look like. */
const shapeOf = () =>
  tools.page.evaluate(() =>
    JSON.stringify(
      [Object, Array, Function, Promise, Error, Map, MessagePort, Node].map((of) => [
        Object.getOwnPropertyNames(of),
        Object.getOwnPropertyNames(of.prototype),
      ]),
    ),
  )

async function open(surface: (typeof realms)[number], entry: string): Promise<unknown[]> {
  await tools.open(
    [
      {
        id: 'guest',
        entry,
        files: { 'fuzzer.js': fuzzer },
        surface,
        granted: ['read:notes'],
        denied: ['write:notes'],
      },
    ],
    { heartbeat: 60_000 },
  )
  const errors: unknown[] = []
  tools.page.on('pageerror', (error) => errors.push(error))
  await tools.page.evaluate(() => {
    stage.setAllow(false)
    stage.liftLimits()
    return stage.mountAll()
  })
  return errors
}

const told = async () => {
  await tools.page.waitForFunction(() => stage.logs.some(({ message }) => message === 'done'), undefined, {
    timeout: 100_000,
  })
  return tools.page.evaluate(
    () => stage.logs.find(({ message }) => message === 'done')?.data as Record<string, unknown>,
  )
}

const times = realms.map((surface) => [rounds[surface], surface] as const)

test.each(times)(
  `%i random messages of a %s run nothing that was not granted and never throw (seed ${seed})`,
  { timeout: 120_000 },
  async (count, surface) => {
    const errors = await open(surface, sender(count))
    const shape = await shapeOf()
    const began = Date.now()
    await tools.page.evaluate(() => {
      // A widget that says it failed is stopped; a person tries again, and the fuzzer goes on with the new one.
      setInterval(() => {
        Object.assign(window, {
          drawn: Math.max(Number(Reflect.get(window, 'drawn') ?? 0), stage.tree().length),
        })
        stage.retry()
        stage.publish('secret.told', { text: 'x' })
        stage.publish('note.added', { text: 'x' })
      }, 50)
      stage.update({ mood: 'begin' })
      stage.publish('secret.told', { text: 'x' })
      stage.publish('note.added', { text: 'x' })
    })
    const { uncaught, secrets, ...tally } = (await told()) as Tally & { uncaught: unknown }
    console.log(`${surface}: ${Date.now() - began} ms ${JSON.stringify(tally)}`)
    const seen = await tools.page.evaluate(() => ({
      calls: [...new Set(stage.calls.flatMap((line) => line.split(' ').slice(1)))],
      notes: stage.notes,
      stolen: 'stolen' in window,
      restarts: stage.host.costs.getState().guest?.restarts,
      drawn: Number(Reflect.get(window, 'drawn')),
    }))
    if (surface === 'worker') expect(seen.drawn).toBeGreaterThan(0)
    expect(seen).toMatchObject({ calls: ['notes.list'], notes: ['first'], stolen: false, restarts: 0 })
    expect(secrets).toBe(0)
    expect(uncaught).toEqual([])
    expect(errors).toEqual([])
    expect(await shapeOf()).toBe(shape)
    // Enough of them came through to say something of what lies behind the guard.
    for (const code of ['ok', 'PERMISSION_DENIED', 'METHOD_UNKNOWN', 'INPUT_INVALID']) {
      expect(tally[code], code).toBeGreaterThan(count / 500)
    }
    expect(tally.events).toBeGreaterThan(0)
  },
)

test.each(times)(
  `%i random messages to a %s leave its end of the bridge working (seed ${seed})`,
  { timeout: 120_000 },
  async (count, surface) => {
    const errors = await open(surface, caller)
    const began = Date.now()
    const answered = await tools.page.evaluate(([times, from]) => stage.fuzzGuest(times, from), [
      count,
      seed + 1,
    ] as const)
    await tools.page.evaluate(() => stage.update({ mood: 'end' }))
    const { settled, list, uncaught } = await told()
    console.log(`to a ${surface}: ${Date.now() - began} ms, ${answered} answers forged, ${settled} taken`)
    expect(list).toEqual(['first'])
    expect(settled).toBeGreaterThan(0)
    expect(answered).toBeGreaterThan(100)
    expect(uncaught).toEqual([])
    expect(errors).toEqual([])
  },
)
