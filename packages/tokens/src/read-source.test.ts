import { expect, it } from 'vitest'
import { maxFileLength, readSource, resolveTokens } from './index.ts'

const texts = new Map([
  [
    'themes/a.resolver.json',
    '{"resolutionOrder":[{"type":"set","name":"s","sources":[{"$ref":"./x/b.json"}]}]}',
  ],
  ['themes/x/b.json', '\uFEFF{"t":{"$type":"number","$value":1}}'],
  ['themes/broken.json', '{"t":'],
  ['themes/large.json', ' '.repeat(maxFileLength + 1)],
])
const textOf = async (path: string) => texts.get(path)

it('reads a resolver document and the files beside it', async () => {
  const { source, diagnostics } = await readSource('themes/a.resolver.json', textOf)
  expect(diagnostics).toEqual([])
  expect(resolveTokens([source]).tokens.get('t')).toMatchObject({ value: 1, file: 'x/b.json' })
})

it.each([
  ['themes/none.json', 'The package has no such file.'],
  ['themes/broken.json', 'The file is not JSON.'],
  ['themes/large.json', 'The file is larger than 1 MiB.'],
])('says what is wrong with %s', async (file, message) => {
  const { source, diagnostics } = await readSource(file, textOf)
  expect(diagnostics).toEqual([{ code: 'TOKEN_FILE_INVALID', pointer: '', message, file }])
  expect(resolveTokens([source]).tokens.size).toBe(0)
})

it('names the file of a resolver that is missing', async () => {
  const document = '{"resolutionOrder":[{"type":"set","name":"s","sources":[{"$ref":"gone.json"}]}]}'
  const { diagnostics } = await readSource('a.json', (path) => (path === 'a.json' ? document : undefined))
  expect(diagnostics).toMatchObject([{ file: 'gone.json' }])
})
