/** What a plugin can rely on wherever it runs: one suite for worker and frame. */
import { testBrowser } from '@mortise/testing'
import { describe, expect, test } from 'vitest'
import type { Stage } from './stage/page.ts'
import { realms, shown } from './stage/shown.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()

/** A widget that shows what its body answers, as JSON. */
const showing = (body: string) => `
  const show = (root, value) => { root.textContent = JSON.stringify(value) }
  export default { widgets: { async main(widget) {
    const { root, api, events, permissions, state, log, withSignal, transfer } = widget
    const answer = await (async () => { ${body} })()
    if (answer !== undefined) show(root, answer)
  } } }
`

describe.each(realms)('a plugin in a %s', (surface) => {
  const open = (entry: string, more: { granted?: readonly string[]; denied?: readonly string[] } = {}) =>
    tools.open([{ id: 'guest', entry, surface, ...more }])
  const mountAll = () => tools.page.evaluate(() => stage.mountAll())
  const look = async () => {
    const text = await shown(tools.page, surface, 'guest')
    return text === '' ? undefined : JSON.parse(text)
  }
  const sees = (value: unknown) => expect.poll(look).toEqual(value)

  test('starts in a realm of no origin, and is told who it is, where it is and what the slot says', async () => {
    await open(`const origin = self.origin
      export default { widgets: { main({ root, plugin, locale, slot, context, theme, permissions, onDidChangeContext }) {
        const show = (context) => { root.textContent = JSON.stringify({ origin, plugin, locale, slot, context, theme: theme.colorScheme, granted: [...permissions.granted] }) }
        onDidChangeContext(show)
        show(context)
      } } }`)
    expect(await mountAll()).toMatchObject([{ status: 'running' }])
    const told = {
      origin: 'null',
      plugin: { id: 'guest', version: '1.0.0', displayName: 'The guest plugin' },
      locale: 'en',
      slot: 'main',
      context: { mood: 'calm' },
      theme: 'light',
      granted: [],
    }
    await sees(told)
    await tools.page.evaluate(() => stage.update({ mood: 'new' }))
    await sees({ ...told, context: { mood: 'new' } })
  })

  test('has its calls answered in order, those of one turn in one request', async () => {
    await open(
      showing(`
        const [first, , last] = await Promise.all([api.notes.list(), api.notes.add('second'), api.notes.list()])
        return [first, last]`),
      { granted: ['read:notes', 'write:notes'] },
    )
    await mountAll()
    await sees([['first'], ['first', 'second']])
    expect(await tools.page.evaluate(() => stage.calls)).toEqual(['guest: notes.list notes.add notes.list'])
  })

  test('gets errors with name, code and data, and nothing of where they came from', async () => {
    await open(
      showing(`
        const errors = []
        for (const call of [() => api.notes.list(), () => api.notes.add(''), () => api.made.up(), () => api.notes.add('fails')]) {
          await call().catch(({ name, code, data, message, retryable, stack }) => errors.push({ name, code, data, message, retryable, leaks: /page\\.js|\\/assets\\//.test(stack) }))
        }
        return errors`),
      { granted: ['write:notes'], denied: ['read:notes'] },
    )
    await tools.page.evaluate(() => {
      stage.setFailure({
        code: 'NOT_FOUND',
        name: 'NoteNotFoundError',
        message: 'There is no such note.',
        retryable: false,
        data: { id: 7 },
      })
    })
    await mountAll()
    const common = { retryable: false, leaks: false }
    await sees([
      {
        ...common,
        name: 'MortiseError',
        code: 'PERMISSION_DENIED',
        message: 'notes.list needs the permission read:notes.',
        data: { permission: 'read:notes', method: 'notes.list' },
      },
      expect.objectContaining({ ...common, code: 'INPUT_INVALID', data: { issues: [expect.anything()] } }),
      { ...common, name: 'MortiseError', code: 'METHOD_UNKNOWN', message: 'No method is called made.up.' },
      {
        ...common,
        name: 'NoteNotFoundError',
        code: 'NOT_FOUND',
        message: 'There is no such note.',
        data: { id: 7 },
      },
    ])
    expect(await tools.page.evaluate(() => stage.calls)).toEqual(['guest: notes.add'])
  })

  test('may do what is granted from its next call on, until it is taken back', async () => {
    await open(
      `export default { widgets: { main({ root, api, permissions, onDidChangeContext }) {
        const seen = []
        const tell = (what) => { seen.push(what); root.textContent = JSON.stringify(seen) }
        permissions.onDidChange((granted) => tell([...granted]))
        onDidChangeContext(({ mood }) => api.notes.add(mood).then(() => tell(mood), (error) => tell(error.code)))
        tell(permissions.has('write:notes'))
      } } }`,
      { denied: ['write:notes'] },
    )
    await mountAll()
    const decide = (mood: string, decision?: boolean) =>
      tools.page.evaluate(
        async ([text, granted]) => {
          if (granted !== undefined) {
            await stage.decide('guest', { 'write:notes': granted })
            await stage.host.refresh('guest')
          }
          stage.update({ mood: text })
        },
        [mood, decision] as const,
      )
    const seen: unknown[] = [false]
    await sees(seen)
    await decide('early')
    await sees([false, 'PERMISSION_DENIED'])
    await decide('granted', true)
    await sees([false, 'PERMISSION_DENIED', ['write:notes'], 'granted'])
    await decide('late', false)
    await sees([false, 'PERMISSION_DENIED', ['write:notes'], 'granted', [], 'PERMISSION_DENIED'])
    expect(await tools.page.evaluate(() => stage.notes)).toEqual(['first', 'granted'])
  })

  test('may ask a person, who allows some of it, and works with that right away', async () => {
    await open(
      showing(`
        const before = await api.notes.add('early').catch((error) => error.code)
        const changes = []
        permissions.onDidChange((granted) => changes.push([...granted].sort()))
        const both = [...await permissions.request(['read:notes', 'write:notes'], 'to copy a note')]
        await api.notes.add('asked')
        const read = await api.notes.list().catch((error) => error.code)
        return { before, both, changes, read, has: permissions.has('write:notes') }`),
      { denied: ['read:notes', 'write:notes'] },
    )
    await tools.page.evaluate(() => stage.setAllow(['write:notes']))
    await mountAll()
    await sees({
      before: 'PERMISSION_DENIED',
      both: ['write:notes'],
      changes: [['write:notes']],
      read: 'PERMISSION_DENIED',
      has: true,
    })
    expect(await tools.page.evaluate(() => [stage.notes, stage.asked])).toEqual([
      ['first', 'asked'],
      ['The guest plugin: Read notes, Write notes (to copy a note)'],
    ])
  })

  test('hears events as far as its subscriptions and its grants go, until it stops listening', async () => {
    await open(
      `export default { widgets: { main({ root, events, onDidChangeContext }) {
        const seen = []
        const tell = (what) => { seen.push(what); root.textContent = JSON.stringify(seen) }
        const stops = {
          all: events.on('*', ({ event_type }) => tell('all ' + event_type)),
          notes: events.on('note.*', ({ data }) => tell('notes ' + data.text)),
        }
        onDidChangeContext(({ mood }) => { stops[mood](); tell('no more ' + mood) })
        tell('up')
      } } }`,
      { granted: ['read:notes'] },
    )
    await mountAll()
    const publish = (text: string) =>
      tools.page.evaluate((told) => {
        stage.publish('secret.told', { text: told })
        stage.publish('plugin.installed', { plugin: 'other' })
        stage.publish('unknown.type', {})
        stage.publish('note.added', { text: told })
      }, text)
    await publish('one')
    const seen = ['up', 'all note.added', 'notes one']
    await sees(seen)
    await tools.page.evaluate(() => stage.update({ mood: 'all' }))
    seen.push('no more all')
    await sees(seen)
    await publish('two')
    seen.push('notes two')
    await sees(seen)
    await tools.page.evaluate(() => stage.update({ mood: 'notes' }))
    seen.push('no more notes')
    await sees(seen)
    const told = () => tools.page.evaluate(() => stage.host.costs.getState().guest?.events)
    await expect.poll(told).toBe(2)
    await publish('three')
    await tools.page.evaluate(() => stage.host.reload('guest'))
    // What was sent to the realm would be counted by now: nothing was.
    await sees(['up'])
    expect(await told()).toBe(2)
  })

  test('has subscriptions of its own: one that ends drops what is on its way, and leaves the others', async () => {
    const listening = (body: string) => `
      let port
      const post = MessagePort.prototype.postMessage
      MessagePort.prototype.postMessage = function (...args) { if (args[0]?.type === 'APPLY') port = this; return post.apply(this, args) }
      export default { widgets: { main({ root, events }) {
        const heard = { first: 0, second: 0 }
        const show = () => { root.textContent = JSON.stringify(heard) }
        const stop = events.on('note.added', () => { heard.first++; ${body}; show() })
        events.on('note.added', () => { heard.second++; show() })
        show()
      } } }`
    // Ends what others may call by the same number, too.
    const ending = `stop(); stop(); for (let id = 3; id < 50; id++) post.call(port, { id: 'x' + id, type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value: ['events.unsubscribe', [id]] }] })`
    const granted = ['read:notes']
    await tools.open([
      { id: 'guest', entry: listening(ending), surface, granted },
      { id: 'other', entry: listening(''), surface, granted },
    ])
    await mountAll()
    await sees({ first: 0, second: 0 })
    await tools.page.evaluate(() => {
      for (let count = 0; count < 100; count++) stage.publish('note.added', { text: String(count) })
    })
    await sees({ first: 1, second: 100 })
    const other = () => shown(tools.page, surface, 'other')
    await expect.poll(other).toBe(JSON.stringify({ first: 100, second: 100 }))
  })

  test('that is too slow for its events misses the oldest, is told so, and gets the newest', async () => {
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
    await tools.open([{ id: 'guest', entry, surface, granted: ['read:notes'] }], { heartbeat: 10_000 })
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

  test('that ends a call with its signal ends it in the host, and goes on', async () => {
    await open(
      showing(`
        const controller = new AbortController()
        const call = withSignal(controller.signal).notes.list()
        setTimeout(() => controller.abort(new Error('enough')), 50)
        const said = await call.catch((error) => error.message)
        return [said, await api.notes.list()]`),
      { granted: ['read:notes'] },
    )
    await tools.page.evaluate(() => {
      stage.hangNext()
      return stage.mountAll()
    })
    await sees(['enough', ['first']])
    expect(await tools.page.evaluate(() => stage.aborted)).toBe(1)
  })

  test('is told of a call that nobody answers in time, and goes on', async () => {
    const entry = showing(`
      const { code, message, retryable } = await api.notes.list().catch((error) => error)
      return [code, message, retryable, await api.notes.list()]`)
    await tools.open([{ id: 'guest', entry, surface, granted: ['read:notes'] }], { call: 300 })
    await tools.page.evaluate(() => {
      stage.hangNext()
      return stage.mountAll()
    })
    await sees(['BRIDGE_TIMEOUT', 'notes.list was not answered within 300 ms.', true, ['first']])
  })

  test('keeps its state and that of its widget over a reload, until it is disabled', async () => {
    const entry = `let own
      export default {
        activate({ state }) { own = state.value; state.save({ runs: (own?.runs ?? 0) + 1 }) },
        widgets: { main({ root, state }) {
          root.textContent = JSON.stringify([own ?? null, state.value ?? null])
          state.save('mine')
        } },
      }`
    const [record] = await tools.open([{ id: 'guest', entry, surface }])
    await mountAll()
    await sees([null, null])
    await tools.page.evaluate(() => stage.host.reload('guest'))
    await sees([{ runs: 1 }, 'mine'])
    await tools.page.evaluate(async (given) => {
      stage.setPlugins([{ ...given, enabled: false, status: 'disabled' }])
      await stage.host.refresh()
      await stage.settled(0, ['closed'])
      stage.unmount()
      stage.setPlugins([given])
      await stage.host.refresh()
      await stage.mountAll()
    }, record!)
    await sees([null, null])
  })

  test('hands buffers over with a state instead of copying them', async () => {
    await open(
      showing(`
        if (state.value) return [...new Uint8Array(state.value.bytes)]
        const { buffer } = new Uint8Array([1, 2, 3])
        await state.save(transfer({ bytes: buffer }, [buffer]))
        return buffer.byteLength`),
    )
    await mountAll()
    await sees(0)
    await tools.page.evaluate(() => stage.host.reload('guest'))
    await sees([1, 2, 3])
  })

  test('has a state refused that is too large, saved too often or not plain, and keeps the last good one', async () => {
    await open(
      showing(`
        if (state.value) return state.value
        const codes = []
        const save = (value) => state.save(value).catch((error) => codes.push(error.code))
        await save('good')
        await save('x'.repeat(300_000))
        await save(new Error('not plain'))
        await Promise.all(Array.from({ length: 120 }, () => save('good')))
        return [...new Set(codes)]`),
    )
    await mountAll()
    await sees(['PAYLOAD_TOO_LARGE', 'INPUT_INVALID', 'RATE_LIMITED'])
    await tools.page.evaluate(() => stage.host.reload('guest'))
    await sees('good')
  })

  test('gets the events again that came after its last save, and not those before', async () => {
    const entry = `
      const seen = []
      let next
      export default {
        activate({ state, events }) {
          seen.push(...(state.value ?? []))
          events.on('note.added', ({ data }) => {
            seen.push(data.text)
            if (data.text === 'two') state.save(seen)
            next?.()
          })
          if (!state.value) state.save([])
        },
        widgets: { main({ root }) { next = () => { root.textContent = JSON.stringify(seen) }; next() } },
      }`
    await open(entry, { granted: ['read:notes'] })
    await mountAll()
    const seen: string[] = []
    for (const text of ['one', 'two', 'three']) {
      await tools.page.evaluate((told) => stage.publish('note.added', { text: told }), text)
      seen.push(text)
      await sees(seen)
    }
    await tools.page.evaluate(async () => {
      await stage.host.reload('guest')
      stage.publish('note.added', { text: 'four' })
    })
    await sees(['one', 'two', 'three', 'four'])
  })

  test('goes on after an error nobody caught, which its log names', async () => {
    await open(`export default { widgets: { main({ root, onDidChangeContext }) {
      onDidChangeContext(({ mood }) => {
        if (mood === 'throw') setTimeout(() => { throw new RangeError('thrown') })
        else if (mood === 'reject') Promise.reject(new TypeError('rejected'))
        else if (mood === 'listener') throw new Error('in a listener')
        else root.textContent = JSON.stringify(mood)
      })
      root.textContent = '"up"'
    } } }`)
    await mountAll()
    for (const mood of ['throw', 'reject', 'listener', 'well']) {
      await tools.page.evaluate((next) => stage.update({ mood: next }), mood)
    }
    await sees('well')
    const line = (message: string, name: string, said: string) => [
      'error',
      message,
      expect.objectContaining({ name, message: said }),
    ]
    const lines = [
      line('Uncaught error', 'RangeError', 'thrown'),
      line('A listener threw', 'Error', 'in a listener'),
    ]
    // Firefox tells a worker of no rejection in a module that it imported.
    if (surface === 'frame' || testBrowser() !== 'firefox') {
      lines.push(line('Unhandled rejection', 'TypeError', 'rejected'))
    }
    await expect
      .poll(() =>
        tools.page.evaluate(() => stage.logs.map(({ level, message, data }) => [level, message, data])),
      )
      .toEqual(expect.arrayContaining(lines))
    expect(await tools.page.evaluate(() => stage.state())).toMatchObject({ status: 'running' })
  })

  test('hears when the page changes to another theme', async () => {
    await open(`export default { widgets: { main({ root, theme, onDidChangeTheme }) {
      const show = ({ colorScheme }) => { root.textContent = JSON.stringify(colorScheme) }
      onDidChangeTheme(show)
      show(theme)
    } } }`)
    await mountAll()
    await sees('light')
    await tools.page.evaluate(() =>
      stage.host.applyTheme({
        ...stage.theme,
        rules: [{ when: {}, declarations: [['color-scheme', 'dark']] }],
      }),
    )
    await sees('dark')
  })

  test('gives way to its new version where it is mounted', async () => {
    const named = (name: string) => showing(`return '${name}'`)
    await open(named('old'))
    await mountAll()
    await sees('old')
    const next = tools.server.install({ id: 'guest', entry: named('new'), version: '2.0.0', surface })
    await tools.page.evaluate((record) => {
      stage.setPlugins([record])
      stage.publish('plugin.updated', { plugin: 'guest' })
    }, next)
    await sees('new')
    expect(await tools.page.evaluate(() => stage.state())).toMatchObject({ status: 'running' })
  })
})
