import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { send } from '@fastify/send'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Answers with a file of a plugin's folder, with its `index.html` for the folder
 * itself; `false` when there is none.
 *
 * @param path - Relative to the folder, decoded and free of dots.
 */
export async function sendPluginFile(
  request: FastifyRequest,
  reply: FastifyReply,
  folder: string,
  parts: readonly string[],
): Promise<boolean> {
  if (parts.some((part) => part.startsWith('.'))) return false
  const inside = await isInside(folder, parts)
  if (!inside) return false
  const path = `/${parts.map(encodeURIComponent).join('/')}`
  const { statusCode, headers, stream, type } = await send(request.raw, path, {
    root: folder,
    dotfiles: 'ignore',
    index: 'index.html',
    maxAge: 0,
  })
  // A folder without a slash at its end has no page, and neither has one without an index.
  if (type !== 'file' && statusCode !== 412 && statusCode !== 416) {
    stream.destroy()
    return false
  }
  await reply
    .code(statusCode)
    .headers(headers)
    .headers({
      // A page of the plugin has an opaque origin, so even its own modules are another origin's.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-cache',
    })
    .send(type === 'file' ? stream : '')
  return true
}

/** Whether the file is in the folder once links are followed. Packages hold none, but a folder can be meddled with. */
async function isInside(folder: string, parts: readonly string[]): Promise<boolean> {
  try {
    const root = await realpath(folder)
    const real = await realpath(join(folder, ...parts))
    return real === root || real.startsWith(root + sep)
  } catch {
    return false
  }
}
