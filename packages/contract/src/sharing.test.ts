import { expect, test } from 'vitest'
import { sandboxPackages } from './sandbox-packages.ts'
import { nothingShared, planSharing, readShareWishes, type ShareWish } from './sharing.ts'

const { version } = sandboxPackages.react
const react = (range: string, own?: string): ShareWish[] => [
  { name: 'react', range, own },
  { name: 'react/jsx-runtime', range, own },
]
const sdk: ShareWish = { name: '@mortise/sdk', range: '*' }
const components = (own?: string): ShareWish => ({ name: '@mortise/react', range: '*', own })

test.each<[string, readonly ShareWish[], string, readonly string[]]>([
  [
    'all is shared',
    [...react('^19.0.0'), components(), sdk],
    `Shares React ${version}, the components and the SDK with the sandbox; nothing is isolated.`,
    [],
  ],
  [
    'another React is isolated, with the components that draw with it',
    [...react('^18.2.0', '18.3.1'), components('0.1.0'), sdk],
    'Shares the SDK with the sandbox; brings its own React 18.3.1 and the components, isolated in its realm.',
    [
      'react',
      'react/jsx-runtime',
      'react/jsx-dev-runtime',
      'react-dom',
      'react-dom/client',
      '@mortise/react',
    ],
  ],
  [
    'another React without a copy cannot run',
    [...react('^17.0.0'), sdk],
    `Cannot run: it asks for React ^17.0.0 and brings no copy of its own, and the sandbox has React ${version}.`,
    [
      'react',
      'react/jsx-runtime',
      'react/jsx-dev-runtime',
      'react-dom',
      'react-dom/client',
      '@mortise/react',
    ],
  ],
  [
    'a package that no sandbox has is its own',
    [{ name: 'lit', range: '^3.0.0', own: '3.2.0' }],
    'Shares nothing with the sandbox; brings its own lit 3.2.0, isolated in its realm.',
    [],
  ],
  [
    'a package that nobody has is named',
    [{ name: 'lit', range: '^3.0.0' }],
    'Cannot run: it asks for lit ^3.0.0 and brings no copy of its own.',
    [],
  ],
])('%s', (_what, wishes, sentence, isolated) => {
  const plan = planSharing(wishes)
  expect(plan.sentence).toBe(sentence)
  expect(plan.isolated).toEqual(isolated)
  expect(plan.missing.length > 0).toBe(sentence.startsWith('Cannot run'))
})

test('a plugin without wishes shares nothing', () => {
  expect(nothingShared.sentence).toBe(
    'Shares nothing with the sandbox: all it uses is its own and stays in its realm.',
  )
})

test('reads what webpack, Rspack and Vite write', () => {
  const entry = (name: string, requiredVersion: unknown, files: string[], version: unknown = '18.3.1') => ({
    id: `remote:${name}`,
    name,
    version,
    requiredVersion,
    singleton: true,
    assets: { js: { async: files, sync: [] }, css: { async: [], sync: [] } },
  })
  const text = JSON.stringify({
    id: 'remote',
    metaData: { name: 'remote' },
    shared: [entry('react', '^18.0.0', ['a.js']), entry('lodash', false, [], ''), entry('lit', '*', [])],
  })
  expect(readShareWishes(text)).toEqual([
    { name: 'react', range: '^18.0.0', own: '18.3.1' },
    { name: 'lodash', range: '*', own: undefined },
    { name: 'lit', range: '*', own: undefined },
  ])
})

test.each([
  'no JSON',
  '{}',
  '{"shared":[{"name":"<b>"}]}',
  '{"shared":[{}]}',
  `{"shared":${JSON.stringify(Array(300).fill({ name: 'a' }))}}`,
  '{"shared":{"react":{"name":"react"}}}',
])('is no manifest: %s', (text) => {
  expect(readShareWishes(text)).toBeUndefined()
})

test('versions that are none count as not said', () => {
  const wish = {
    name: 'react',
    version: '<script>',
    requiredVersion: '<script>',
    assets: { js: { sync: ['a'] } },
  }
  expect(readShareWishes(JSON.stringify({ shared: [wish] }))).toEqual([
    { name: 'react', range: '*', own: undefined },
  ])
})
