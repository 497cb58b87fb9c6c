// `npm start`: builds what is out of date, then serves the reference workspace.
import { build } from './build.ts'

try {
  await build()
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
const { main } = await import('@mortise/cli')
await main(['node', 'mortise', 'serve', 'apps/console/mortise.config.ts'])
