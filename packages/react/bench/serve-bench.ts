import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { text } from 'node:stream/consumers'
import { workerDocument, workerDocumentScript } from '@mortise/contract'
import { buildSandbox } from '@mortise/vite-plugin'
import { build, type InlineConfig } from 'vite'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface BenchServer extends AsyncDisposable {
  readonly url: string
  /** Told what a page posts; the page waits until it returns. */
  onReport: (name: string, body: string) => void
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
      rolldownOptions: { input: ['index.html', 'frame.html', 'tree.html'].map((name) => join(page, name)) },
    },
  })
  await build({
    ...common,
    root: page,
    build: {
      outDir: join(outDir, 'micro'),
      cssMinify: false,
      rolldownOptions: {
        input: join(page, 'micro-app.tsx'),
        output: { format: 'iife', entryFileNames: 'micro-app.js', codeSplitting: false },
      },
    },
  })
  const entry = (name: string) => join(import.meta.dirname, `../src/sandbox/${name}.ts`)
  const assets = await buildSandbox({
    root: page,
    documents: { 'bare-worker': join(page, 'bare-worker.tsx') },
    scripts: {
      'worker-realm': entry('worker-realm'),
      'worker-react': entry('worker-react'),
      'bare-realm': join(page, 'bare-realm.tsx'),
    },
  })
  await mkdir(join(outDir, 'sandbox-assets'))
  for (const [name, code] of assets) await writeFile(join(outDir, 'sandbox-assets', name), code)
  process.env.NODE_ENV = NODE_ENV
  const bodies = new Map<string, Buffer | undefined>()
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://bench')
    if (request.method === 'POST') {
      bench.onReport(pathname.slice(1), await text(request))
      response.writeHead(204).end()
      return
    }
    const path = normalize(pathname === '/' ? '/index.html' : pathname)
    const host = request.headers.host ?? ''
    if (path.startsWith('/sandbox/')) {
      const files = `http://${host}/plugin-files/`
      const policy = `sandbox allow-scripts; default-src 'none'; script-src ${workerDocumentScript} ${files}; worker-src blob: ${files}`
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy })
      response.end(workerDocument)
      return
    }
    if (path.startsWith('/micro/') && extname(path) === '.html') {
      response.writeHead(200, { 'content-type': types['.html'], 'cache-control': 'public, max-age=3600' })
      response.end('<div class="root"></div><script src="/micro/micro-app.js"></script>')
      return
    }
    const file = path.startsWith('/plugin-files/')
      ? join(import.meta.dirname, path.startsWith('/plugin-files/tree/') ? 'tree-plugin.js' : 'plugin.js')
      : join(outDir, path)
    if (!bodies.has(file)) bodies.set(file, await readFile(file).catch(() => undefined))
    const body = bodies.get(file)
    response.writeHead(body ? 200 : 404, {
      'content-type': types[extname(file)] ?? 'text/plain',
      'access-control-allow-origin': '*',
      'cache-control': extname(file) === '.html' ? 'no-cache' : 'public, max-age=3600',
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bench: BenchServer = {
    onReport: () => {},
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(outDir, { recursive: true, force: true })
    },
  }
  return bench
}
