import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, it } from 'vitest'

const packageRoot = fileURLToPath(new URL('..', import.meta.url))

/** Bytes of an entry and all it loads at once, minified and compressed. */
async function sizeOf(entry: string): Promise<{ bytes: number; code: string }> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root: packageRoot,
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict', output: { format: 'es' } },
    },
  })
  if (!('output' in result)) throw new Error('Expected one build.')
  const code = result.output.map((item) => (item.type === 'chunk' ? item.code : '')).join('')
  return { bytes: gzipSync(code).length, code }
}

it('keeps what a browser resolves a theme with, the base set included, under 12 kB compressed and free of libraries', async () => {
  const { bytes, code } = await sizeOf('test/browser-entry.ts')
  expect(bytes).toBeLessThanOrEqual(12_000)
  expect(code).not.toMatch(/jsonc|culori|csstree/i)
  // The measure: the data of the base set is in it.
  expect(code).toContain('oklch')
})
