import { readFile, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, extname, join, normalize } from 'node:path'
import { componentShapes } from '@mortise/contract'
import { launchChromium } from '@mortise/testing'
import type { Page } from 'playwright-core'
import { build } from 'vite'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
}
// As strict about styles and scripts as the console's own page.
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; connect-src 'self'"
const sandboxDocument = '<!doctype html><body><script type="module" src="/sandbox-assets/worker.js"></script>'

export interface TestPages extends AsyncDisposable {
  /** Opens a page of `test/page`. `problems` collects what the browser complained about. */
  open(name: string): Promise<{ readonly page: Page; readonly problems: string[] }>
}

/** Builds the test pages, serves them and starts a browser. */
export async function openTestPages(): Promise<TestPages> {
  const outDir = join(import.meta.dirname, '../dist', `test-page-${process.pid}`)
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, assetsInlineLimit: 0, reportCompressedSize: false },
  })
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: './',
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: join(outDir, 'sandbox-assets'),
      minify: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: {
          worker: join(import.meta.dirname, '../src/sandbox/worker.ts'),
          'worker-realm': join(import.meta.dirname, '../src/sandbox/worker-realm.ts'),
        },
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://test')
    const path = normalize(pathname === '/' ? '/index.html' : pathname)
    if (path === '/sandbox/worker.html') return sendSandbox(response, request.headers.host ?? '')
    const plugin = path.startsWith('/plugin-files/')
    const folder = plugin ? join(import.meta.dirname, 'page') : outDir
    const body =
      basename(path) === 'component-shapes.js'
        ? `export default ${JSON.stringify(componentShapes)}`
        : await readFile(join(folder, plugin ? basename(path) : path)).catch(() => undefined)
    response.writeHead(body ? 200 : 404, {
      'content-type': types[extname(path)] ?? 'text/plain',
      'content-security-policy': pagePolicy,
      'access-control-allow-origin': '*',
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const browser = await launchChromium()
  return {
    async open(name) {
      const page = await browser.newPage()
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      await page.goto(`http://127.0.0.1:${port}/#${name}`)
      return { page, problems }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

function sendSandbox(response: ServerResponse, host: string): void {
  const policy = [
    'sandbox allow-scripts',
    "default-src 'none'",
    `script-src http://${host}/sandbox-assets/ http://${host}/plugin-files/`,
    'worker-src blob:',
  ]
  response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy.join('; ') })
  response.end(sandboxDocument)
}
