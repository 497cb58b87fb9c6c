import type { LifecycleEvent } from '@mortise/contract'
import { expect, test } from 'vitest'
import { GuestMemory } from './guest-memory.ts'
import { Subscriptions } from './subscriptions.ts'

const event = (event_type: string) => ({ event_id: event_type, event_type }) as LifecycleEvent

function open(memory = new GuestMemory()) {
  const sent: [cursor: string, to: readonly number[]][] = []
  const subscriptions = new Subscriptions(memory, (cursor, _event, to) => sent.push([cursor, to]))
  return { memory, sent, subscriptions }
}

test('an event is sent once, to all whose type it has', () => {
  const { sent, subscriptions } = open()
  subscriptions.add(1, 'note.added')
  subscriptions.add(2, 'note.*')
  subscriptions.add(3, 'note.added')
  subscriptions.add(4, 'other.*')
  subscriptions.deliver('a', event('note.added'))
  subscriptions.deliver('b', event('note.removed'))
  subscriptions.deliver('c', event('nothing.else'))
  expect(sent).toEqual([
    ['a', [1, 2, 3]],
    ['b', [2]],
  ])
})

test('ending one leaves the others, and one that is not there is nothing to end', () => {
  const { sent, subscriptions } = open()
  subscriptions.add(1, 'note.added')
  subscriptions.add(2, 'note.added')
  subscriptions.remove(1)
  subscriptions.remove(1)
  subscriptions.remove(7)
  subscriptions.deliver('a', event('note.added'))
  expect(sent).toEqual([['a', [2]]])
  subscriptions.remove(2)
  subscriptions.deliver('b', event('note.added'))
  expect(sent).toHaveLength(1)
  expect([...subscriptions.types]).toEqual([])
})

test('an id that is in use keeps what it was for', () => {
  const { sent, subscriptions } = open()
  subscriptions.add(1, 'note.added')
  subscriptions.add(1, '*')
  subscriptions.deliver('a', event('other.thing'))
  expect(sent).toEqual([])
})

test('there are only so many at a time', () => {
  const { subscriptions } = open()
  for (let id = 1; id <= 500; id++) subscriptions.add(id, '*')
  expect(() => subscriptions.add(501, '*')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
  subscriptions.remove(3)
  subscriptions.add(501, '*')
})

test('events after the last save are sent again once, to all who subscribe together', async () => {
  const { memory } = open()
  memory.save('s', undefined, new Set(['note.*']))
  for (const cursor of ['a', 'b']) memory.note(cursor, event('note.added'))
  memory.note('c', event('note.removed'))
  const { sent, subscriptions } = open(memory)
  subscriptions.add(1, 'note.*')
  subscriptions.add(2, 'note.added')
  subscriptions.add(3, 'note.added')
  subscriptions.remove(3)
  await Promise.resolve()
  expect(sent).toEqual([
    ['a', [1, 2]],
    ['b', [1, 2]],
    ['c', [1]],
  ])
  subscriptions.add(4, 'note.*')
  await Promise.resolve()
  expect(sent).toHaveLength(3)
})

test('what is followed is kept for the next realm as long as one subscription wants it', async () => {
  const { memory, subscriptions } = open()
  memory.save('s', undefined, new Set())
  subscriptions.add(1, 'note.*')
  subscriptions.add(2, 'note.*')
  await Promise.resolve()
  subscriptions.remove(1)
  memory.note('a', event('note.added'))
  subscriptions.remove(2)
  memory.note('b', event('note.added'))
  expect(memory.replay(() => true, {}).map(({ cursor }) => cursor)).toEqual(['a'])
})
