import { expect, test } from 'vitest'
import { feedServer } from '../test/feed-server.ts'
import { createHttpBackend } from './http-backend.ts'

interface Follower {
  readonly seen: string[]
  until(entry: string): Promise<void>
}

function follower() {
  const seen: string[] = []
  const waiting = new Map<string, () => void>()
  const note = (entry: string) => {
    seen.push(entry)
    waiting.get(entry)?.()
  }
  const listener = {
    onEvent: (cursor: string, event: { event_type: string }) => note(`${cursor} ${event.event_type}`),
    onConnection: (connection: string) => note(connection),
    onContacts: (news: readonly { host: string }[]) => note(`contacted ${news[0]?.host}`),
    onGap: () => note('gap'),
  }
  const follow: Follower = {
    seen,
    until: (entry) => (seen.includes(entry) ? Promise.resolve() : new Promise((r) => waiting.set(entry, r))),
  }
  return { listener, follow }
}

const event = (cursor: string) => ({ type: 'event', cursor, event: { event_type: 'note.added' } })

test('a lost line is opened again where it stopped, and nothing else than frames is taken', async () => {
  await using server = await feedServer()
  const { listener, follow } = follower()
  const stop = createHttpBackend({ baseUrl: server.url }).follow(listener)
  const first = await server.nextLine()
  expect(first.url).toBe('/api/v1/events/stream?contacts=true')
  first.send({ type: 'hello', cursor: '5', serverTime: '' })
  first.send('not json')
  first.send(event('6'))
  first.send({ type: 'heartbeat', cursor: '6' })
  first.send({ type: 'contacts', contacts: [{ plugin: 'p', host: 'api.example.com' }] })
  await follow.until('contacted api.example.com')
  first.cut()
  const second = await server.nextLine()
  expect(second.url).toBe('/api/v1/events/stream?contacts=true&after=6')
  second.send({ type: 'hello', cursor: '8', serverTime: '' })
  second.send(event('7'))
  second.send({ type: 'snapshot_required', cursor: '9' })
  second.send(event('10'))
  await follow.until('10 note.added')
  stop()
  expect(follow.seen).toEqual([
    'connecting',
    'online',
    'gap',
    '6 note.added',
    'contacted api.example.com',
    'offline',
    'online',
    '7 note.added',
    'gap',
    '10 note.added',
  ])
})

test('a page that says what it has read gets what happened since, and nothing is read anew', async () => {
  await using server = await feedServer()
  const { listener, follow } = follower()
  const stop = createHttpBackend({ baseUrl: server.url }).follow(listener, '4')
  const line = await server.nextLine()
  expect(line.url).toBe('/api/v1/events/stream?contacts=true&after=4')
  line.send({ type: 'hello', cursor: '5', serverTime: '' })
  line.send(event('5'))
  await follow.until('5 note.added')
  stop()
  expect(follow.seen).toEqual(['connecting', 'online', '5 note.added'])
})

test('a line that was lost before any event resumes from where it first connected', async () => {
  await using server = await feedServer()
  const { listener, follow } = follower()
  const stop = createHttpBackend({ baseUrl: server.url }).follow(listener)
  const first = await server.nextLine()
  first.send({ type: 'hello', cursor: '5', serverTime: '' })
  await follow.until('online')
  first.cut()
  expect((await server.nextLine()).url).toBe('/api/v1/events/stream?contacts=true&after=5')
  stop()
})

test('calls, grants and reads go to their addresses', async () => {
  const asked: unknown[] = []
  await using server = await feedServer((request, body, response) => {
    asked.push([request.method, request.url, body && JSON.parse(body)])
    response.end(JSON.stringify({ results: [{ ok: true, value: 1 }], plugins: [{ id: 'x' }] }))
  })
  const backend = createHttpBackend({ baseUrl: server.url })
  expect(await backend.call('p', [['notes.list', []]])).toEqual([{ ok: true, value: 1 }])
  await backend.call(undefined, [['notes.list', []]])
  expect(await backend.plugins()).toEqual([{ id: 'x' }])
  await backend.plugin('a/b')
  await backend.grant('p', { 'write:notes': true })
  await backend.theme()
  expect(asked).toEqual([
    ['POST', '/api/v1/calls', { plugin: 'p', calls: [['notes.list', []]] }],
    ['POST', '/api/v1/calls', { calls: [['notes.list', []]] }],
    ['GET', '/api/v1/plugins', ''],
    ['GET', '/api/v1/plugins/a%2Fb', ''],
    ['PUT', '/api/v1/plugins/p/grants', { permissions: { 'write:notes': true } }],
    ['GET', '/api/v1/theme', ''],
  ])
})

test('an error of the server keeps its code, and one of another kind is INTERNAL', async () => {
  await using server = await feedServer((request, _body, response) => {
    if (request.url?.includes('/plugins/gone')) {
      response.writeHead(404).end(JSON.stringify({ code: 'PLUGIN_NOT_FOUND', message: 'gone' }))
    } else if (request.url?.endsWith('/plugins')) {
      response.writeHead(401).end(JSON.stringify({ code: 'UNAUTHENTICATED', message: 'Sign in.' }))
    } else response.writeHead(502).end('<html>')
  })
  const backend = createHttpBackend({ baseUrl: server.url })
  expect(await backend.plugin('gone')).toBeUndefined()
  await expect(backend.plugins()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: 'Sign in.' })
  await expect(backend.theme()).rejects.toMatchObject({ code: 'INTERNAL' })
  const nobody = createHttpBackend({ baseUrl: 'http://127.0.0.1:9' })
  await expect(nobody.theme()).rejects.toMatchObject({ message: 'The server cannot be reached.' })
})
