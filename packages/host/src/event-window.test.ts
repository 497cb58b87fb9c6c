import { bridgeLimits, type LifecycleEvent } from '@mortise/contract'
import { expect, test } from 'vitest'
import { type EventMessage, EventWindow } from './event-window.ts'

const { eventsUnacknowledged: window, eventsWaiting } = bridgeLimits

function open() {
  const sent: EventMessage[] = []
  const events = new EventWindow((message) => sent.push(message))
  const push = (count: number) => {
    for (let index = 0; index < count; index++) {
      events.push({ cursor: String(index), event: { event_id: String(index) } as LifecycleEvent, to: [1] })
    }
  }
  return { sent, events, push }
}

test('events are sent at once until the window is full, and the others as it opens', () => {
  const { sent, events, push } = open()
  push(window + 10)
  expect(sent).toHaveLength(window)
  events.acknowledge(4)
  expect(sent).toHaveLength(window + 4)
  events.acknowledge(1000)
  expect(sent.map(({ cursor }) => cursor)).toEqual(Array.from({ length: window + 10 }, (_, n) => String(n)))
  expect(sent.some(({ missed }) => missed !== undefined)).toBe(false)
})

test('a guest that is too far behind misses the oldest, and is told how many', () => {
  const { sent, events, push } = open()
  push(window + eventsWaiting + 7)
  events.acknowledge(window)
  expect(sent[window]).toMatchObject({ cursor: String(window + 7), missed: 7 })
  expect(sent[window + 1]?.missed).toBeUndefined()
})

test('acknowledging more than was sent opens the window no further', () => {
  const { sent, events, push } = open()
  for (let count = 0; count < 10; count++) events.acknowledge(1000)
  push(window * 2)
  expect(sent).toHaveLength(window)
})
