import type { LifecycleEvent } from '@mortise/contract'
import { expect, test } from 'vitest'
import { GuestMemory } from './guest-memory.ts'

const all = new Set(['note.*'])
const event = (event_type: string) => ({ event_id: event_type, event_type }) as LifecycleEvent
const cursors = (memory: GuestMemory, realm: object) =>
  memory.replay(({ event_type }) => event_type.startsWith('note.'), realm).map(({ cursor }) => cursor)

test('nothing is kept for a plugin that saved nothing', () => {
  const memory = new GuestMemory()
  memory.follow('note.*')
  memory.note('1', event('note.added'))
  expect(memory.saved).toBeUndefined()
  expect(cursors(memory, {})).toEqual([])
})

test('a save acknowledges the events it holds; each realm is sent the rest once', () => {
  const memory = new GuestMemory()
  const first = {}
  const second = {}
  memory.save('s', undefined, all)
  for (const cursor of ['1', '2', '3']) {
    memory.note(cursor, event('note.added'))
    memory.markSent(cursor, first)
  }
  memory.note('4', event('other.thing'))
  expect(cursors(memory, first)).toEqual([])
  memory.save('t', '2', all)
  expect(memory.saved).toEqual({ value: 't', missed: false })
  expect(cursors(memory, second)).toEqual(['3'])
  expect(cursors(memory, second)).toEqual([])
})

test('more events than are kept make the state one that missed some, until the next save', () => {
  const memory = new GuestMemory()
  memory.save('s', undefined, all)
  for (let count = 0; count < 501; count++) memory.note(String(count), event('note.added'))
  expect(memory.saved).toEqual({ value: 's', missed: true })
  expect(cursors(memory, {})).toEqual([])
  memory.save('t', '500', all)
  expect(memory.saved).toEqual({ value: 't', missed: false })
})

test('saving undefined forgets', () => {
  const memory = new GuestMemory()
  memory.save('s', undefined, all)
  memory.save(undefined, undefined, all)
  expect(memory.saved).toBeUndefined()
})
