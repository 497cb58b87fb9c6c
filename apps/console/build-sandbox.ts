// Builds what sandboxes run before any plugin into `dist/sandbox-assets`.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSandbox } from '@mortise/vite-plugin'

const folder = join(import.meta.dirname, 'dist/sandbox-assets')
const files = await buildSandbox({
  root: import.meta.dirname,
  documents: { frame: '@mortise/react/sandbox/frame' },
  scripts: {
    'worker-realm': '@mortise/react/sandbox/worker-realm',
    'worker-react': '@mortise/react/sandbox/worker-react',
    'worker-react-dom': '@mortise/react/sandbox/worker-react-dom',
    'worker-federation': '@mortise/react/sandbox/worker-federation',
  },
})
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const [name, code] of files) await writeFile(join(folder, name), code)
