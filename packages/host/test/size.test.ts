import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

/** Bytes of what a bundle makes of some exports: minified, gzip, without what loads later. */
async function gzipBytes(code: string): Promise<number> {
  const entry = join(import.meta.dirname, 'size-entry.ts')
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: (id) => (id === 'virtual:entry' ? entry : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
      {
        // What the bundler adds to an import that is made later is no part of what is measured.
        name: 'plain-imports',
        enforce: 'pre',
        load: (id) =>
          id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load()' : undefined,
      },
    ],
    build: {
      write: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: { input: 'virtual:entry', preserveEntrySignatures: 'strict' },
    },
  })
  const chunks = (Array.isArray(built) ? built : [built]).flatMap((result) =>
    'output' in result ? result.output : [],
  )
  const first = chunks.find((chunk) => chunk.type === 'chunk' && chunk.isEntry)
  if (first?.type !== 'chunk') throw new Error('nothing was built')
  return gzipSync(first.code, { level: 9 }).length
}

test.each([
  ['what a plugin bundles of the SDK', "export * from '@mortise/sdk'", 500],
  ['the guest end of the bridge', "export * from '@mortise/bridge/guest'", 3150],
  ['the host end of the bridge', "export * from '@mortise/bridge/host'", 6300],
  ['the engine', "export { createHost, createHttpBackend } from '../src/index.ts'", 30_000],
])('%s stays in its budget', async (_what, code, budget) => {
  expect(await gzipBytes(code)).toBeLessThan(budget)
})
