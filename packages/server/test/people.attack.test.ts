import { expect, it, vi } from 'vitest'
import { manifest, packFiles, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

// What plugins show to people: notifications and commands.

const commands = [
  { name: 'greet', title: 'Greet' },
  { name: 'fail', title: 'Fail' },
  { name: 'spin', title: 'Spin' },
  { name: 'nothing', title: 'Nothing' },
  { name: 'registered', title: 'Registered' },
  {
    name: 'invite',
    title: 'Invite',
    args: [
      { name: 'who', title: 'Who', type: 'string', required: true },
      { name: 'days', title: 'Days', type: 'number' },
      { name: 'loud', title: 'Loud', type: 'boolean' },
      { name: 'role', title: 'Role', type: 'enum', options: ['guest', 'member'], required: true },
    ],
  },
]
const plugin = (body: string, changes: Record<string, unknown> = {}) => ({
  'manifest.json': manifest({
    permissions: ['read:sessions', 'notifications', 'commands'],
    contributes: { commands },
    ...changes,
  }),
  'plugin.js': `
    const { storage } = streamspace
    const code = (work) => work.then(() => 'ok', (error) => error.code)
    module.exports = { ${body} }`,
})
const create = async (host: TestServer, id = 'probe') => {
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery(id, 'done')
}
const stored = async (host: TestServer, key: string) => {
  const { body } = await host.api('POST', '/calls', { plugin: 'probe', calls: [['storage.get', [key]]] })
  return body.results[0].value
}
async function notifications(host: TestServer): Promise<Record<string, string>[]> {
  const { body } = await host.api('GET', '/events?limit=200')
  return body.events
    .map(({ event }: { event: { event_type: string; data: object } }) => event)
    .filter(({ event_type }: { event_type: string }) => event_type === 'notification.sent')
    .map(({ data }: { data: object }) => data)
    .reverse()
}
const runCommand = (host: TestServer, name: string, body: object = {}) =>
  host.api('POST', `/plugins/probe/commands/${name}`, body)

it('carries notifications as plain text in the name of the plugin, without its secrets', async () => {
  await using host = await startServer()
  const files = plugin(
    `async onSessionCreated() {
      await streamspace.notify('ada', { title: 'a\\nb\\u202Ec\\u0000d', message: 'key sk-0123456789 <b>\\u2028x</b>', type: 'warning', actions: [{ label: 'x' }, { label: 'fn', handler() {} }] })
      await streamspace.notifyAll({ title: 'all' })
      await streamspace.notifyAdmins({ title: 'admins', type: 'error', from: 'Mortise', plugin: 'mortise' })
    }`,
    { displayName: 'Probe\u202E\nMortise' },
  )
  await host.add(files, { config: { apiKey: 'sk-0123456789' } })
  await create(host)
  const from = 'Probe Mortise'
  expect(await notifications(host)).toEqual([
    {
      plugin: 'probe',
      from,
      to: 'ada',
      title: 'a bcd',
      message: 'key ***REDACTED*** <b> x</b>',
      type: 'warning',
      actions: [],
    },
    { plugin: 'probe', from, to: '*', title: 'all', message: '', type: 'info', actions: [] },
    { plugin: 'probe', from, to: 'admins', title: 'admins', message: '', type: 'error', actions: [] },
  ])
})

it('refuses notifications that are none, too many, or not granted', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`async onSessionCreated() {
      const { send } = streamspace.notifications
      const seen = []
      const wrong = [null, {}, { title: '' }, { title: 'x'.repeat(121) }, { title: {} }, { title: 'a', message: 'x'.repeat(501) },
        { title: 'a', type: 'question' }, { title: 'a', from: 'Mortise' }, { title: 'a', html: '<b>' }]
      for (const one of wrong) seen.push(await code(send('*', one)))
      for (const to of ['', 7, null, ['*'], 'x'.repeat(201)]) seen.push(await code(send(to, { title: 'a' })))
      await storage.set('wrong', [...new Set(seen)])
      const many = await Promise.all(Array.from({ length: 15 }, () => code(send('*', { title: 'a' }))))
      await storage.set('many', many.filter((one) => one === 'ok').length + ' of ' + many.length)
      await storage.set('late', (await send('*', { title: 'a' }).catch((error) => error.data)).retryAfter > 0)
    }`),
  )
  await create(host)
  expect(await stored(host, 'wrong')).toEqual(['INPUT_INVALID'])
  expect(await stored(host, 'many')).toBe('10 of 15')
  expect(await stored(host, 'late')).toBe(true)
  await host.add(
    plugin(`async onSessionCreated() { console.log(await code(streamspace.notify('*', { title: 'a' }))) }`, {
      name: 'poor',
      permissions: ['read:sessions'],
    }),
  )
  await create(host, 'poor')
  const { body } = await host.api('GET', '/plugins/poor/logs')
  expect(body.logs.at(-1).message).toBe('PERMISSION_DENIED')
})

it('hides notifications from other plugins', async () => {
  await using host = await startServer()
  await host.add(plugin(`onSessionCreated: () => streamspace.notifyAll({ title: 'all' })`))
  const spy = `onEvent(event) { if (event.type === 'notification.sent') console.log('seen') }, on: { 'notification.sent': () => console.log('seen') }`
  await host.add(plugin(spy, { name: 'spy', permissions: ['read:sessions', 'notifications', 'emit:events'] }))
  await create(host)
  await host.delivery('spy', 'done')
  expect(await notifications(host)).toHaveLength(1)
  expect((await host.api('GET', '/plugins/spy/logs')).body.logs).toEqual([])
})

it('runs declared commands with the person told, and answers text', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`
      onLoad({ api }) { api.commands.register({ name: 'registered', handler: (args, { user }) => api.commands.execute('greet').then((text) => [text, user.id]) }) },
      commands: {
        greet: (args, about) => 'Hello ' + (about?.user.name ?? 'nobody') + ' ' + JSON.stringify(args),
        nothing() {},
      }`),
  )
  const { body } = await host.api('GET', '/plugins/probe')
  expect(body.commands[0]).toEqual({ name: 'greet', title: 'Greet', args: [] })
  expect((await runCommand(host, 'greet')).body).toEqual({ result: 'Hello Administrator {}' })
  expect((await runCommand(host, 'nothing')).body).toEqual({ result: null })
  const { result } = (await runCommand(host, 'registered')).body
  expect(JSON.parse(result)).toEqual([expect.stringContaining('Hello nobody'), 'admin'])
})

it('gives a command exactly the arguments it declares, and refuses all others before the plugin sees them', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`commands: {
      invite(args) {
        console.log('seen')
        return [Object.keys(args).sort(), args, Object.getPrototypeOf(args) === Object.prototype]
      },
      greet: (args) => { console.log('seen'); return args },
    }`),
  )
  const good = { who: 'ada', days: 1.5, loud: false, role: 'guest' }
  const { body } = await runCommand(host, 'invite', { args: good })
  expect(JSON.parse(body.result)).toEqual([['days', 'loud', 'role', 'who'], good, true])
  const least = { who: 'x'.repeat(2000), role: 'member' }
  expect((await runCommand(host, 'invite', { args: least })).status).toBe(200)
  const before = (await host.api('GET', '/plugins/probe/logs')).body.logs.length
  const wrong: Record<string, [unknown, string]> = {
    'nothing at all': [undefined, '/who'],
    'a list': [[], ''],
    null: [null, ''],
    'a text': ['who', ''],
    'one that is missing': [{ role: 'guest' }, '/who'],
    'one that is empty': [{ ...good, who: '' }, '/who'],
    'one that is undeclared': [{ ...good, admin: true }, '/admin'],
    'a number for a text': [{ ...good, who: 7 }, '/who'],
    'an object for a text': [{ ...good, who: { toString: 'x' } }, '/who'],
    'a text too long': [{ ...good, who: 'x'.repeat(2001) }, '/who'],
    'a text for a number': [{ ...good, days: '1' }, '/days'],
    'no number': [{ ...good, days: null }, '/days'],
    'a text for a boolean': [{ ...good, loud: 'true' }, '/loud'],
    'a choice there is not': [{ ...good, role: 'admin' }, '/role'],
    'a choice of another kind': [{ ...good, role: ['guest'] }, '/role'],
    'the name of a built-in': [{ ...good, constructor: { name: 'x' } }, '/constructor'],
    'a name with slashes': [{ ...good, 'a/b~c': 1 }, '/a~1b~0c'],
  }
  for (const [what, [args, pointer]] of Object.entries(wrong)) {
    const { status, body } = await runCommand(host, 'invite', args === undefined ? {} : { args })
    expect([what, status, body.code, body.issues?.[0]?.pointer]).toEqual([
      what,
      400,
      'INPUT_INVALID',
      pointer,
    ])
  }
  for (const key of ['__proto__', 'constructor']) {
    const text = `{"args":{"who":"ada","role":"guest","${key}":{"prototype":{"polluted":1},"polluted":1}}}`
    const answer = await host.api('POST', '/plugins/probe/commands/invite', text as unknown as object)
    expect([key, answer.status]).toEqual([key, 400])
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect((await runCommand(host, 'greet', { args: { a: 1 } })).body.issues).toEqual([
    { pointer: '/a', message: 'is not an argument of this command.' },
  ])
  expect((await host.api('GET', '/plugins/probe/logs')).body.logs).toHaveLength(before)
})

it('refuses declarations of arguments that could not be asked for', async () => {
  await using host = await startServer()
  const args = (...list: object[]) =>
    plugin('', { contributes: { commands: [{ name: 'c', title: 'C', args: list }] } })
  const one = { name: 'a', title: 'A', type: 'string' }
  for (const list of [
    [one, one],
    [{ ...one, name: 'constructor' }],
    [{ ...one, name: '__proto__' }],
    [{ ...one, type: 'object' }],
    [{ ...one, type: 'enum' }],
    [{ ...one, type: 'enum', options: [] }],
    [{ ...one, options: ['a'] }],
    [{ ...one, title: '' }],
    [{ ...one, required: 'yes' }],
    Array.from({ length: 13 }, (_, index) => ({ ...one, name: `a${index}` })),
  ]) {
    const { status, body } = await host.upload(packFiles(args(...list)))
    expect([list, status, body.code]).toEqual([list, 400, 'MANIFEST_INVALID'])
  }
})

it('carries buttons of notifications, and refuses those that lead out of the plugin or the shell', async () => {
  await using host = await startServer()
  const files = plugin(
    `async onSessionCreated() {
      const { send } = streamspace.notifications
      const actions = [
        { label: 'In\\u202Evite\\n<b>ada</b> sk-0123456789', command: 'invite', args: { who: 'key sk-0123456789', role: 'guest' } },
        { label: 'Greet', command: 'greet' },
        { label: 'Open', path: '/sessions/ses-1' },
      ]
      await send('ada', { title: 'good', actions })
      await streamspace.notify('ada', { title: 'seed', actions: [{ label: 'a', url: '/plugins' }, { label: 'b', handler: 'greet' }] })
      const refused = [
        'text', [null], [{}], [{ label: 'a' }], [{ label: '', path: '/' }], [{ label: '\\u202E\\n', path: '/' }],
        [{ label: 'x'.repeat(41), path: '/' }], [{ label: { toString: () => 'a' }, path: '/' }],
        [{ label: 'a', path: '/', command: 'greet' }], [{ label: 'a', path: '/', plugin: 'other' }],
        [{ label: 'a', path: '/', html: '<b>' }], [{ label: 'a', command: 'greet', plugin: 'other' }],
        [...actions, actions[1]],
        ...['javascript:alert(1)', '//evil.example', '/\\\\evil.example', 'https://evil.example', '/../plugins/other', '/a/../b',
          '/.', '/%2e%2e/x', '/sign-in#token', '/plugins?tab=catalog', '/a//b', '/a b', '/a\\n', '', 'sessions', '/' + 'x'.repeat(300), 7, null]
          .map((path) => [{ label: 'a', path }]),
        ...['missing', 'onLoad', 'constructor', '__proto__', '../other/commands/greet', '', 7]
          .map((command) => [{ label: 'a', command }]),
        ...[{ who: 'a' }, { who: 'a', role: 'admin' }, { who: 'a', role: 'guest', admin: true }, { who: {}, role: 'guest' }, [], null]
          .map((args) => [{ label: 'a', command: 'invite', args }]),
        [{ label: 'a', command: 'greet', args: { who: 'a' } }],
      ]
      const seen = []
      for (const actions of refused) {
        const answer = await code(send('ada', { title: 'bad', actions }))
        if (answer !== 'INPUT_INVALID') seen.push([actions, answer])
      }
      await storage.set('wrong', seen)
    }`,
  )
  // More refusals than notifications a plugin may send: none of them counts as one.
  await host.add(files, { config: { apiKey: 'sk-0123456789' } })
  await create(host)
  expect(await stored(host, 'wrong')).toEqual([])
  const sent = (await notifications(host)) as unknown as { title: string; actions: unknown }[]
  expect(sent.map(({ title, actions }) => [title, actions])).toEqual([
    [
      'good',
      [
        {
          label: 'Invite <b>ada</b> ***REDACTED***',
          command: 'invite',
          args: { who: 'key ***REDACTED***', role: 'guest' },
        },
        { label: 'Greet', command: 'greet' },
        { label: 'Open', path: '/sessions/ses-1' },
      ],
    ],
    [
      'seed',
      [
        { label: 'a', path: '/plugins' },
        { label: 'b', command: 'greet' },
      ],
    ],
  ])
})

it('runs nothing that is not declared, granted or running, and takes no name for a path into the plugin', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`
      secret: () => 'private',
      commands: { greet: () => 'hi', hidden: () => 'private', onLoad: () => 'private' },
      __proto__: { commands: { toString: () => 'private' } }`),
  )
  for (const name of [
    'hidden',
    'secret',
    'onLoad',
    'toString',
    '__proto__',
    'constructor',
    '..%2Fgreet',
    'x'.repeat(300),
  ]) {
    const { status, body } = await runCommand(host, name)
    expect([name, status]).toEqual([name, 404])
    expect(JSON.stringify(body)).not.toContain('private')
  }
  expect((await runCommand(host, 'greet', { user: 'root' })).status).toBe(400)
  expect((await runCommand(host, 'registered')).body).toMatchObject({ code: 'PLUGIN_THREW' })
  await host.api('PUT', '/plugins/probe/grants', { permissions: { commands: false } })
  expect((await runCommand(host, 'greet')).body.code).toBe('PERMISSION_DENIED')
  await host.api('PUT', '/plugins/probe/grants', { permissions: { commands: true } })
  await host.api('POST', '/plugins/probe/disable')
  expect((await runCommand(host, 'greet')).body.code).toBe('PERMISSION_DENIED')
  const strange = await fetch(`${host.url}/api/v1/plugins/probe/commands/greet`, { method: 'POST' })
  expect(strange.status).toBe(401)
})

it('shows errors and results without secrets, stacks or end, and survives a command that spins', async () => {
  await using host = await startServer()
  const files = plugin(`commands: {
    greet() { return 'x'.repeat(100_000) + this.config.apiKey },
    fail() { throw new Error('with ' + this.config.apiKey) },
    spin() { for (;;); },
    nothing() { return { deep: [this.config.apiKey] } },
  }`)
  await host.add(files, { config: { apiKey: 'sk-0123456789' } })
  const answers = []
  for (const name of ['greet', 'fail', 'spin', 'nothing']) answers.push(await runCommand(host, name))
  expect(answers.map(({ status }) => status)).toEqual([200, 502, 504, 200])
  expect(answers[0]?.body.result).toHaveLength(4000)
  expect(answers[1]?.body.message).toContain('with ***REDACTED***')
  expect(answers[2]?.body.code).toBe('PLUGIN_TIMEOUT')
  const shown = JSON.stringify(answers.map(({ body }) => body))
  expect(shown).not.toContain('0123456789')
  expect(shown).not.toContain('stack')
  expect(shown).not.toContain('plugin.js')
})
