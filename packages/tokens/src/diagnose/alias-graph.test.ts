import { expect, it } from 'vitest'
import { aliasGraph } from './index.ts'

const source = {
  document: {
    sets: {
      all: {
        sources: [
          {
            ramp: { $type: 'color', blue: { $value: '#123456' }, $root: { $value: '{ramp.blue}' } },
            text: { $type: 'color', link: { $value: '{ramp}' }, hover: { $value: '{text.link}' } },
            card: {
              $type: 'shadow',
              $value: { color: '{ramp.blue}', offsetX: { $ref: '#/space/1/$value' } },
            },
            round: { $type: 'color', a: { $value: '{round.b}' }, b: { $value: '{round.a}' } },
          },
        ],
      },
    },
    modifiers: {
      mode: {
        contexts: { light: [], dark: [{ text: { link: { $type: 'color', $value: '#ffffff' } } }] },
        default: 'light',
      },
    },
    resolutionOrder: [{ $ref: '#/sets/all' }, { $ref: '#/modifiers/mode' }],
  },
}

it('says what a token follows and who follows it, inside composite values too', () => {
  const graph = aliasGraph([source])
  expect(graph.targetsOf('text.hover')).toEqual(['text.link'])
  expect(graph.usersOf('text.link')).toEqual(['text.hover'])
  expect(graph.usersOf('ramp.blue')).toEqual(['ramp', 'card'])
  expect(graph.targetsOf('card')).toEqual(['ramp.blue', 'space.1'])
  expect(graph.targetsOf('nowhere')).toEqual([])
})

it('follows whole paths and comes back from circles', () => {
  const graph = aliasGraph([source])
  expect(graph.leadsTo('text.hover', 'ramp.blue')).toBe(true)
  expect(graph.leadsTo('ramp.blue', 'text.hover')).toBe(false)
  expect(graph.leadsTo('round.a', 'round.b')).toBe(true)
  expect(graph.leadsTo('round.a', 'text.link')).toBe(false)
})

it('is of one context', () => {
  expect(aliasGraph([source], { mode: 'dark' }).targetsOf('text.link')).toEqual([])
})
