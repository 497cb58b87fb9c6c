/** A plugin owns its realm, the port included. These use it against the host page. */
import { testBrowser } from '@mortise/testing'
import { expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

/** Takes the bridge's port by watching what posts on it. */
const thief = `
  let stolen
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (...args) {
    if (args[0]?.type === 'APPLY') stolen = this
    return post.apply(this, args)
  }
  const send = (message, transfer = []) => post.call(stolen, message, transfer)
  const raw = (value) => ({ type: 'RAW', value })
`

const widget = (body: string) => `
  ${thief}
  export default { widgets: { async main({ root, api, log, events, permissions }) {
    root.textContent = 'up'
    await api.notes.list().catch(() => {})
    ${body}
  } } }
`

test('messages made by hand run nothing in the host page', async () => {
  const entry = widget(`
    const id = 'x'
    for (const message of [
      { id, type: 'CONSTRUCT', path: ['constructor', 'constructor'], argumentList: [raw('document.title = "pwned"')] },
      { id, type: 'APPLY', path: ['constructor', 'constructor'], argumentList: [raw('document.title = "pwned"')] },
      { id, type: 'SET', path: ['__proto__', 'polluted'], value: raw(1) },
      { id, type: 'SET', path: ['call'], value: raw(1) },
      { id, type: 'GET', path: [] },
      { id, type: 'ENDPOINT' },
      { id, type: 'RELEASE' },
      { id, type: 'APPLY', path: ['call'], argumentList: [{ type: 'HANDLER', name: 'proxy', value: 1 }] },
      { id, type: 'APPLY', path: ['call'], argumentList: [raw(['notes.add', ['forged']])] },
      { id, type: 'APPLY', path: ['batch'], argumentList: [raw([['notes.add', [['forged']]]])] },
      { id, type: 'RAW', value: { ok: true } },
      { type: 'ui', mount: 1, listener: 1, args: [] },
    ]) send(message)
    const { port1 } = new MessageChannel()
    send({ id, type: 'APPLY', path: ['call'], argumentList: [raw(['notes.list', []])] }, [port1])
    self.postMessage({ type: 'mortise.realm-ready' })
    root.textContent = 'tried'
  `)
  await tools.open([{ id: 'forger', entry, granted: ['read:notes'], denied: ['write:notes'] }])
  const errors: unknown[] = []
  tools.page.on('pageerror', (error) => errors.push(error))
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.waitForFunction(() => JSON.stringify(stage.tree()).includes('tried'))
  const seen = await tools.page.evaluate(() => ({
    title: document.title,
    polluted: 'polluted' in {},
    notes: stage.notes,
    status: stage.state()?.status,
  }))
  expect(seen).toEqual({ title: '', polluted: false, notes: ['first'], status: 'running' })
  expect(errors).toEqual([])
})

test('a guest that breaks the protocol again and again is stopped, and says so in its slot', async () => {
  const entry = widget("for (let count = 0; count < 200; count++) send('garbage')")
  await tools.open([{ id: 'breaker', entry }], { restarts: [] })
  expect(await tools.page.evaluate(() => stage.mountAll(['failed']))).toMatchObject([
    {
      error: {
        code: 'PLUGIN_QUARANTINED',
        message:
          'The breaker plugin sent messages that break the protocol and was stopped. It stays stopped until somebody starts it again.',
        data: { code: 'BRIDGE_VIOLATION' },
      },
    },
  ])
  await expect.poll(() => tools.page.workers().length).toBe(0)
})

const floods = {
  calls: "{ id: 'x' + count, type: 'APPLY', path: ['call'], argumentList: [raw(['notes.list', []])] }",
  'calls that are refused':
    "{ id: 'x' + count, type: 'APPLY', path: ['call'], argumentList: [raw(['notes.add', ['x']])] }",
  'log lines':
    "{ id: 'x', type: 'APPLY', path: ['call'], argumentList: [raw(['guest.log', ['info', 'x']])] }",
}

// Firefox hands messages over so slowly that pings may go unanswered first.
const flooded = testBrowser() === 'firefox' ? /RATE_LIMITED|PLUGIN_TIMEOUT/ : /RATE_LIMITED/

test.each(
  (['worker', 'frame'] as const).flatMap((surface) =>
    Object.entries(floods).map(([what, message]) => [surface, what, message] as const),
  ),
)('a million messages of a %s do not freeze the page: %s', async (surface, what, message) => {
  const entry = widget(`setTimeout(() => { for (let count = 0; count < 1e6; count++) send(${message}) }, 50)`)
  await tools.open([{ id: 'flooder', entry, surface, granted: ['read:notes'], denied: ['write:notes'] }], {
    restarts: [],
  })
  const gap = await tools.page.evaluate(async () => {
    let longest = 0
    const start = performance.now()
    let last = start
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    await stage.mountAll(['failed'])
    clearInterval(timer)
    return { longest, share: longest / (performance.now() - start) }
  })
  console.log(`${what} of a ${surface}: longest gap ${Math.round(gap.longest)} ms`)
  // Without a guard the page stands still for most of the time. The figure itself belongs to the bench.
  expect(gap.longest < 1000 || gap.share < 0.5, JSON.stringify(gap)).toBe(true)
  expect(await tools.page.evaluate(() => stage.state())).toMatchObject({
    error: { code: 'PLUGIN_QUARANTINED', data: { code: expect.stringMatching(flooded) } },
  })
})

test('a hostile tree draws nothing the table lacks, and one too large stops its widget only', async () => {
  const entry = `
    ${thief}
    export default { widgets: {
      async evil({ root, api }) {
        const script = document.createElement('script')
        script.setAttribute('src', 'https://evil.example/x.js')
        const link = document.createElement('m-link')
        link.href = 'javascript:alert(1)'
        link.setAttribute('style', 'position: fixed')
        link.textContent = 'link'
        root.append(script, link)
      },
      huge({ root }) {
        root.append(document.createElement('m-stack'))
        const grow = () => {
          for (let count = 0; count < 500; count++) {
            const stack = document.createElement('m-stack')
            for (let inner = 0; inner < 20; inner++) stack.append(document.createElement('m-divider'))
            root.append(stack)
          }
          setTimeout(grow, 10)
        }
        setTimeout(grow, 50)
      },
    } }
  `
  // Its size is what stops it here, not that it is too busy to answer pings meanwhile.
  await tools.open([{ id: 'painter', entry, widgets: ['evil', 'huge'] }], { misses: 80 })
  await tools.page.evaluate(() => stage.mountAll(['running']))
  expect(await tools.page.evaluate(() => stage.tree(0))).toEqual([null, ['m-link', {}, [], ['link']]])
  expect(await tools.page.evaluate(() => stage.settled(1, ['failed']))).toMatchObject({
    error: { code: 'PAYLOAD_TOO_LARGE' },
  })
  expect(await tools.page.evaluate(() => stage.state(0))).toEqual({ status: 'running' })
  expect(await tools.page.evaluate(() => stage.tree(1))).toEqual([])
})

test('a plugin cannot draw in, resize or unmount a widget of another plugin', async () => {
  const entry = widget(`
    for (let mount = 0; mount < 10; mount++) {
      for (const [method, args] of [
        ['ui.mutate', [mount, [[0, '~', { id: 'f' + mount, type: 3, data: 'forged' }, 0]]]],
        ['ui.resize', [mount, 1]],
        ['guest.failed', [{ code: 'PLUGIN_THREW', name: 'x', message: 'x' }, mount + 5]],
      ]) send({ id: 'x' + mount, type: 'APPLY', path: ['call'], argumentList: [raw([method, args])] })
    }
    root.append('tried')
  `)
  const victim = "export default { widgets: { main({ root }) { root.textContent = 'mine' } } }"
  await tools.open([
    { id: 'attacker', entry },
    { id: 'victim', entry: victim },
  ])
  await tools.page.evaluate(() => stage.mountAll())
  await tools.page.waitForFunction(() => JSON.stringify(stage.tree(0)).includes('tried'))
  expect(await tools.page.evaluate(() => [stage.tree(1), stage.state(1)])).toEqual([
    ['mine'],
    { status: 'running' },
  ])
})

test('another frame of the page cannot boot a sandbox or pass for the host', async () => {
  const attacker = `
    export default { widgets: { main({ root, log }) {
      root.textContent = 'up'
      setInterval(() => {
        for (let index = 0; index < parent.frames.length; index++) {
          const { port2 } = new MessageChannel()
          try { parent.frames[index].postMessage({ type: 'mortise.boot', version: 1, plugin: { displayName: 'fake' },
            entry: 'data:text/javascript,', format: 'module', granted: [], theme: { colorScheme: 'dark', declarations: [] } }, '*', [port2]) } catch {}
        }
      }, 1)
      parent.postMessage({ type: 'mortise.boot' }, '*')
    } } }
  `
  const victim =
    "export default { widgets: { main({ root, theme }) { root.id = 'v'; root.textContent = 'mine ' + theme.colorScheme } } }"
  await tools.open([
    { id: 'attacker', entry: attacker, surface: 'frame' },
    { id: 'victim', entry: victim, surface: 'frame' },
  ])
  const states = await tools.page.evaluate(() => stage.mountAll())
  expect(states).toMatchObject([{ status: 'running' }, { status: 'running' }])
  const frame = tools.page.frames().find((candidate) => candidate.url().includes('victim'))
  expect(await frame?.locator('#v').textContent()).toBe('mine light')
})

test('another frame of the page cannot hand a sandbox its code', async () => {
  const attacker = `
    export default { widgets: { main({ root }) {
      root.textContent = 'up'
      const forged = "postMessage({ type: 'mortise.realm-ready' }); onmessage = ({ ports }) => ports[0].postMessage('taken')"
      const code = new Blob([forged], { type: 'text/javascript' })
      setInterval(() => {
        for (let index = 0; index < parent.frames.length; index++) {
          try { parent.frames[index].postMessage({ type: 'mortise.realm', code }, '*') } catch {}
        }
      }, 0)
    } } }
  `
  const victim = "export default { widgets: { main({ root }) { root.textContent = 'mine' } } }"
  await tools.open([
    { id: 'attacker', entry: attacker, surface: 'frame' },
    { id: 'victim', entry: victim },
  ])
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([
    { status: 'running' },
    { status: 'running' },
  ])
  // While the attacker goes on, sandboxes are opened again and again.
  for (let round = 0; round < 10; round++) {
    await tools.page.evaluate(() => stage.host.reload('victim'))
    await tools.page.waitForFunction(() => JSON.stringify(stage.tree(1)) === '["mine"]')
  }
  expect(await tools.page.evaluate(() => stage.state(1))).toEqual({ status: 'running' })
})

test('a permission is asked for once at a time, only if declared, and never granted by asking', async () => {
  const entry = widget(`
    const undeclared = await permissions.request('admin', 'please').catch((error) => error.code)
    const answers = await Promise.all([1, 2, 3].map((n) => permissions.request('write:notes', 'try ' + n)))
    const again = await permissions.request('write:notes', 'again')
    const added = await api.notes.add('sneaked').catch((error) => error.code)
    root.textContent = JSON.stringify({ undeclared, answers, again, added })
  `)
  await tools.open([{ id: 'asker', entry, denied: ['write:notes'] }])
  await tools.page.evaluate(() => {
    stage.setAllow(false)
    return stage.mountAll()
  })
  await tools.page.waitForFunction(() => JSON.stringify(stage.tree()).includes('undeclared'))
  const [answer] = (await tools.page.evaluate(() => stage.tree())) as [string]
  expect(JSON.parse(answer)).toEqual({
    undeclared: 'PERMISSION_DENIED',
    answers: [false, false, false],
    again: false,
    added: 'PERMISSION_DENIED',
  })
  expect(await tools.page.evaluate(() => stage.asked)).toEqual(['The asker plugin: Write notes (try 1)'])
  expect(await tools.page.evaluate(() => stage.notes)).toEqual(['first'])
})

test('of several permissions asked for at once, only what the person agreed to is granted', async () => {
  const entry = widget(`
    const undeclared = await permissions.request(['write:notes', 'admin'], 'please').catch((error) => error.code)
    const some = [...await permissions.request(['read:notes', 'write:notes'], 'both')]
    const again = [...await permissions.request(['read:notes', 'write:notes'], 'again')]
    const many = await permissions.request(Array.from({ length: 11 }, () => 'read:notes').concat('x'), 'many').catch((error) => error.code)
    const none = await permissions.request(['x', 7], 'no text').catch((error) => error.code)
    const added = await api.notes.add('sneaked').catch((error) => error.code)
    root.textContent = JSON.stringify({ undeclared, some, again, many, none, added, has: [permissions.has('read:notes'), permissions.has('write:notes')] })
  `)
  await tools.open([{ id: 'asker', entry, denied: ['read:notes', 'write:notes'] }])
  await tools.page.evaluate(() => {
    // A shell that answers more than was asked for grants no more than that either.
    stage.setAllow(['read:notes', 'admin'])
    return stage.mountAll()
  })
  await tools.page.waitForFunction(() => JSON.stringify(stage.tree()).includes('undeclared'))
  const [answer] = (await tools.page.evaluate(() => stage.tree())) as [string]
  expect(JSON.parse(answer)).toEqual({
    undeclared: 'PERMISSION_DENIED',
    some: ['read:notes'],
    again: ['read:notes'],
    many: 'INPUT_INVALID',
    none: 'INPUT_INVALID',
    added: 'PERMISSION_DENIED',
    has: [true, false],
  })
  expect(await tools.page.evaluate(() => stage.asked)).toEqual([
    'The asker plugin: Read notes, Write notes (both)',
  ])
})

test('a flood of large batches, of log lines and of sizes does not freeze the page', async () => {
  const entry = widget(`
    const heavy = 'x'.repeat(900_000)
    const batch = (method, args) => ({ id: 'x', type: 'APPLY', path: ['batch'], argumentList: [raw([[method, Array.from({ length: 1000 }, () => args)]])] })
    setTimeout(() => {
      for (let count = 0; count < 30; count++) {
        send(batch('guest.log', ['info', 'flood']))
        send(batch('ui.resize', [1, count]))
      }
      for (let count = 0; count < 300; count++) send({ id: 'x', type: 'APPLY', path: ['batch'], argumentList: [raw([['guest.log', Array.from({ length: 8 }, () => ['info', 'x', heavy])]])] })
    }, 50)
  `)
  await tools.open([{ id: 'flooder', entry }], { restarts: [] })
  const gap = await tools.page.evaluate(async () => {
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    await stage.mountAll(['failed'])
    clearInterval(timer)
    return longest
  })
  expect(gap).toBeLessThan(1500)
  expect(await tools.page.evaluate(() => stage.logs.length)).toBeLessThan(500)
})
