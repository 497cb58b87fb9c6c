import { expect, test } from 'vitest'
import { completeEvent, handlerName, publishedEventSchema } from './event.ts'
import { matchesEventType } from './match-event-type.ts'
import { parse } from './schema.ts'

test.each([
  ['session.created', 'session.created', true],
  ['session.created', 'session.created_foo', false],
  ['session.created', 'session.created.late', false],
  ['session.*', 'session.created', true],
  ['session.*', 'session.state.changed', true],
  ['session.*', 'sessions.created', false],
  ['*', 'anything.at_all', true],
  ['session', 'session.created', false],
])('subscription %s covers %s: %s', (subscription, type, covered) => {
  expect(matchesEventType(subscription, type)).toBe(covered)
})

test.each([
  ['session.created', 'onSessionCreated'],
  ['session.state.changed', 'onSessionStateChanged'],
  ['server.status_changed', 'onServerStatusChanged'],
  ['ssh_key.created', 'onSshKeyCreated'],
])('%s is handled by %s', (type, handler) => {
  expect(handlerName(type)).toBe(handler)
})

test('fills in what a publisher left out, in the order of the contract', () => {
  const parsed = parse(publishedEventSchema, { event_type: 'server.status_changed' })
  if (!parsed.ok) throw new Error('refused')
  const event = completeEvent(parsed.value, { id: 'e1', now: new Date('2026-01-08T01:00:00Z') })
  expect(Object.keys(event)).toEqual([
    'event_id',
    'event_type',
    'timestamp',
    'user_id',
    'username',
    'server_id',
    'server_name',
    'target_type',
    'target_id',
    'action',
    'meta',
    'ip',
    'user_agent',
    'severity',
  ])
  expect(event).toMatchObject({
    event_id: 'e1',
    action: 'server_status_changed',
    severity: 'info',
    user_id: null,
  })
})

test.each([
  [{}, '/event_type'],
  [{ event_type: 'Bad Type' }, '/event_type'],
  [{ event_type: 'a.b', severity: 'loud' }, '/severity'],
  [{ event_type: 'a.b', meta: [] }, '/meta'],
  [{ event_type: 'a.b', timestamp: 'yesterday' }, '/timestamp'],
  [{ event_type: 'a.b', extra: 1 }, '/extra'],
])('a wrong body %j is refused at %s', (body, pointer) => {
  const parsed = parse(publishedEventSchema, body)
  expect(!parsed.ok && parsed.issues.map((issue) => issue.pointer)).toContain(pointer)
})
