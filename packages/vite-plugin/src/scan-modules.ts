import { join } from 'node:path'
import { build, type PluginOption } from 'vite'

/**
 * Ids of all files that an entry reaches, found by a build that writes nothing.
 *
 * The federation plugin decides which names of a shared package are used once no
 * file was parsed for 10 ms. On a busy machine that is before the second file, and
 * the build fails with names missing. Told all files up front, it waits for them.
 * Where the scan itself fails the list is empty: the real build then says why.
 */
export async function scanModules(
  root: string,
  entry: string,
  shared: readonly string[],
  plugins: readonly PluginOption[],
): Promise<string[]> {
  const ids: string[] = []
  try {
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [
        ...plugins,
        {
          name: 'mortise:scan',
          moduleParsed({ id }) {
            if (!/[\0?]/.test(id) && !id.endsWith('.css')) ids.push(id)
          },
        },
      ],
      build: {
        write: false,
        minify: false,
        rolldownOptions: { input: join(root, entry), external: [...shared] },
      },
    })
  } catch {
    return []
  }
  return ids
}
