import '@remote-dom/core/polyfill'
import { type ComponentShape, componentShapes, componentsByElement, parse } from '@mortise/contract'
import { beforeAll, expect, test } from 'vitest'
import { defineElements } from './define-elements.ts'

beforeAll(defineElements)

const examples = { string: 'a', number: '2', boolean: '', array: '[1]' } as const
const values = { string: 'a', number: 2, boolean: true, array: [1] } as const

test.each(Object.entries<ComponentShape>(componentShapes))(
  '%s reads its attributes as its table says',
  (_name, { element, props }) => {
    for (const [prop, kind] of Object.entries(props)) {
      const node = document.createElement(element) as HTMLElement & Record<string, unknown>
      expect(node[prop], prop).toBeUndefined()
      node.setAttribute(
        prop.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        examples[kind],
      )
      expect(node[prop], prop).toEqual(values[kind])
    }
  },
)

test('a heading written with an attribute has the level that the host accepts', () => {
  const heading = document.createElement('m-heading') as HTMLElement & { level: unknown }
  heading.setAttribute('level', '2')
  const schema = componentsByElement.get('m-heading')?.props.level
  expect(schema && parse(schema, heading.level)).toEqual({ ok: true, value: 2 })
})

test('an element is there for whoever waits for it or looks it up, and nobody else can define it', async () => {
  expect(await customElements.whenDefined('m-tabs')).toBe(customElements.get('m-tabs'))
  expect(document.createElement('m-tabs')).toBeInstanceOf(customElements.get('m-tabs'))
  expect(() => customElements.define('m-menu', class extends HTMLElement {})).toThrow(/already been defined/)
  expect(customElements.get('m-unknown')).toBeUndefined()
  customElements.define('own-element', class extends HTMLElement {})
  expect(document.createElement('own-element')).toBeInstanceOf(customElements.get('own-element'))
})
