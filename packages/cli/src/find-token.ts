import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** Where a server without `MORTISE_ADMIN_TOKEN` keeps the token it made, inside its data folder. */
const tokenFile = 'admin-token'

const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * The administrator's token: `MORTISE_ADMIN_TOKEN`, else the file of a server that
 * runs in this folder or one above it, so that nothing has to be typed on the
 * machine of the server. The file's token is never sent to another machine.
 */
export async function findToken(server: URL, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.MORTISE_ADMIN_TOKEN) return env.MORTISE_ADMIN_TOKEN
  if (!loopback.test(server.hostname)) return undefined
  for (const folder of dataFolders(env)) {
    const text = await readFile(join(folder, tokenFile), 'utf8').catch(() => undefined)
    if (text) return text.trim()
  }
  return undefined
}

function dataFolders(env: NodeJS.ProcessEnv): string[] {
  if (env.MORTISE_DATA_DIR) return [resolve(env.MORTISE_DATA_DIR)]
  const folders: string[] = []
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    folders.push(join(folder, '.mortise'))
    if (dirname(folder) === folder) return folders
  }
}
