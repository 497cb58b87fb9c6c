import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { build, type InlineConfig } from 'vite'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface BenchServer extends AsyncDisposable {
  readonly url: string
}

/** Builds the pages and the sandbox as for production and serves them, with files that browsers may cache. */
export async function serveBench(): Promise<BenchServer> {
  const outDir = join(import.meta.dirname, '../dist', `bench-${process.pid}`)
  const page = join(import.meta.dirname, 'page')
  const common: InlineConfig = { configFile: false, logLevel: 'error' }
  const NODE_ENV = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  await build({
    ...common,
    root: page,
    build: {
      outDir,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: ['index.html', 'frame.html'].map((name) => join(page, name)) },
    },
  })
  await build({
    ...common,
    root: page,
    base: './',
    publicDir: false,
    build: {
      outDir: join(outDir, 'sandbox-assets'),
      modulePreload: false,
      target: 'esnext',
      rolldownOptions: {
        input: {
          worker: join(import.meta.dirname, '../src/sandbox/worker.ts'),
          'worker-realm': join(import.meta.dirname, '../src/sandbox/worker-realm.ts'),
          'bare-worker': join(page, 'bare-worker.tsx'),
        },
        preserveEntrySignatures: false,
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  process.env.NODE_ENV = NODE_ENV
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://bench')
    const path = normalize(pathname === '/' ? '/index.html' : pathname)
    const host = request.headers.host ?? ''
    if (path.startsWith('/sandbox/')) {
      const policy = `sandbox allow-scripts; default-src 'none'; script-src http://${host}/sandbox-assets/ http://${host}/plugin-files/; worker-src blob:`
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy })
      response.end('<!doctype html><body><script type="module" src="/sandbox-assets/worker.js"></script>')
      return
    }
    const file = path.startsWith('/plugin-files/')
      ? join(import.meta.dirname, 'plugin.js')
      : join(outDir, path)
    const body = await readFile(file).catch(() => undefined)
    response.writeHead(body ? 200 : 404, {
      'content-type': types[extname(file)] ?? 'text/plain',
      'access-control-allow-origin': '*',
      'cache-control': extname(file) === '.html' ? 'no-cache' : 'public, max-age=3600',
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
