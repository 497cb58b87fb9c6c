/** The official schemas of the format on our own files and on what we write. */
import { existsSync, globSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import { exportFigma } from '../src/export/index.ts'
import { composeTheme, isResolver } from '../src/index.ts'
import { themeFromBrand } from '../src/palette/index.ts'
import { repairTheme } from '../src/repair/index.ts'
import { readJson, root } from './read-package.ts'

const folder = `${root}../shared/fixtures/dtcg-schema`

it('validates the base set, the example themes and what repair, palette and export write', () => {
  if (!existsSync(folder)) {
    console.warn('tokens: ../shared/fixtures/dtcg-schema is absent, the official schemas were not tried')
    return
  }
  const ajv = new Ajv({ strict: false, allErrors: false })
  ajv.addFormat('uri', true)
  ajv.addFormat('uri-reference', true)
  ajv.addFormat('json-pointer-uri-fragment', true)
  for (const path of globSync('**/*.json', { cwd: folder }))
    ajv.addSchema(readJson(`${folder}/${path}`) as object)
  const idOf = (name: string) => (readJson(`${folder}/${name}.json`) as { $id: string }).$id
  const format = ajv.getSchema(idOf('format'))!
  const resolver = ajv.getSchema(idOf('resolver'))!

  const faint = {
    file: 'f.tokens.json',
    document: { color: { text: { muted: { $type: 'color', $value: '#999999' } } } },
  }
  const written: [string, unknown][] = [
    ...globSync('{packages/tokens/base,examples/theme-*}/*.{tokens,resolver}.json', { cwd: root }).map(
      (path): [string, unknown] => [path, readJson(`${root}${path}`)],
    ),
    ['repair', repairTheme(baseSource, faint).source.document],
    ['palette', themeFromBrand(baseSource, { brand: ['#7c3aed'] }).source.document],
    ...Object.entries(exportFigma(composeTheme(baseSource))).map(([name, text]): [string, unknown] => [
      name,
      JSON.parse(text),
    ]),
  ]
  expect(written.length).toBeGreaterThan(15)
  for (const [name, document] of written) {
    const validate = isResolver(document) ? resolver : format
    expect(validate(document) ? [] : validate.errors, name).toEqual([])
  }
  expect(format({ a: { $type: 'color', $value: 'red' } })).toBe(false)
})
