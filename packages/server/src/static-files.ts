import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { isSafePath, MortiseError } from '@mortise/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { toErrorBody } from './http-errors.ts'
import type { Origins } from './origins.ts'
import type { PluginStore } from './plugin-store.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

const day = 'public, max-age=31536000, immutable'

/** Serves the files of installed plugins to their sandboxes, as data that no page of ours would run. */
export function servePluginFiles(app: FastifyInstance, store: PluginStore): void {
  app.get<{ Params: { id: string; version: string; '*': string } }>(
    '/plugin-files/:id/:version/*',
    async (request, reply) => {
      const { id, version, '*': path } = request.params
      const plugin = store.find(id)
      const isKept = plugin?.version === version || plugin?.previous?.version === version
      if (!isKept || !isSafePath(path)) throw notFound()
      reply.headers({
        'content-security-policy': `sandbox; default-src 'none'`,
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': day,
      })
      return sendFile(reply, join(store.folderOf(id, version), path))
    },
  )
}

/** Serves the built console: its files, the sandbox scripts, and the page for every other address. */
export function serveConsole(app: FastifyInstance, folder: string | undefined, origins: () => Origins): void {
  app.get<{ Params: { '*': string } }>('/sandbox-assets/*', async (request, reply) => {
    const path = request.params['*']
    if (folder === undefined || !isSafePath(path)) throw notFound()
    reply.headers({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': cacheFor(path),
    })
    return sendFile(reply, join(folder, 'sandbox-assets', path))
  })

  app.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const path = request.params['*']
    if (path.startsWith('api/') || (path !== '' && !isSafePath(path))) throw notFound()
    if (folder !== undefined && path !== '' && (await isFile(join(folder, path))) && path !== 'index.html') {
      reply.header('cache-control', cacheFor(path))
      return sendFile(reply, join(folder, path))
    }
    // A missing file is not a page of the console.
    if (extname(path) !== '' && path !== 'index.html') throw notFound()
    // Sandboxes are framed from one address only, so the page is at that address only.
    const { main } = origins()
    if (request.headers.host !== new URL(main).host) return reply.redirect(`${main}${request.url}`)
    return sendPage(reply, folder, origins())
  })

  app.setNotFoundHandler((request, reply) => {
    const message = `There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`
    return reply
      .code(404)
      .send(toErrorBody({ code: 'NOT_FOUND', name: 'MortiseError', message, retryable: false }))
  })
}

async function sendPage(reply: FastifyReply, folder: string | undefined, origins: Origins) {
  const page = folder === undefined ? undefined : join(folder, 'index.html')
  if (page === undefined || !existsSync(page)) {
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('The console is not built yet. Run `npm start`, which builds it first.\n')
  }
  return reply
    .headers({ ...pageHeaders(origins), 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(await readFile(page))
}

/** Headers of the console's own page. `frame-src` is also what stops a frame from leaving. */
export function pageHeaders({ main, frameSources }: Origins): Record<string, string> {
  const policy = [
    `default-src 'self'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self' data:`,
    `font-src 'self' data:`,
    `connect-src 'self' ${main.replace(/^http/, 'ws')}`,
    `frame-src ${frameSources.join(' ')}`,
    `worker-src 'none'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ]
  return {
    // A second policy, which has to allow as well: addresses of plugins are on the page's host too, and no script of
    // theirs is one of the page.
    'content-security-policy': `${policy.join('; ')}, script-src ${main}/assets/`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()',
  }
}

async function sendFile(reply: FastifyReply, path: string) {
  const info = await stat(path).catch(() => undefined)
  if (!info?.isFile()) throw notFound()
  // Names that stay the same are asked for again each time: most often with the answer that nothing changed.
  const tag = `"${info.size.toString(36)}-${info.mtimeMs.toString(36)}"`
  reply.headers({ 'x-content-type-options': 'nosniff', etag: tag })
  if (reply.request.headers['if-none-match'] === tag) return reply.code(304).send()
  return reply
    .type(types[extname(path).toLowerCase()] ?? 'application/octet-stream')
    .send(await readFile(path))
}

async function isFile(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined)
  return info?.isFile() === true
}

/** Names that hold a hash of the content never change it. */
function cacheFor(path: string): string {
  return /[-.][\w-]{8,}\.[a-z0-9]+$/i.test(path) && path.includes('assets/') ? day : 'no-cache'
}

function notFound(): MortiseError {
  return new MortiseError('NOT_FOUND', 'There is nothing at this address.')
}
