import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, extname, join, normalize } from 'node:path'
import { componentShapes, workerDocument, workerDocumentScript } from '@mortise/contract'
import { launchBrowser } from '@mortise/testing'
import { buildSandbox } from '@mortise/vite-plugin'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
}
// As strict about styles and scripts as the console's own page.
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self' http://*.localhost:*; connect-src 'self'"

export interface TestPages extends AsyncDisposable {
  /**
   * Opens a page of `test/page`. `problems` collects what the browser complained about.
   *
   * @param query - What the page reads from its address, from the question mark on.
   */
  open(name: string, query?: string): Promise<{ readonly page: Page; readonly problems: string[] }>
}

const entry = (name: string) => join(import.meta.dirname, `../src/sandbox/${name}.ts`)
const sandboxEntries = {
  root: import.meta.dirname,
  documents: { frame: entry('frame') },
  scripts: Object.fromEntries(
    ['worker-realm', 'worker-react', 'worker-react-dom', 'worker-federation'].map((name) => [
      name,
      entry(name),
    ]),
  ),
}

/**
 * Builds the test pages, serves them and starts a browser.
 *
 * @param launch - For a test that needs what one browser alone can do.
 */
export async function openTestPages(launch: () => Promise<Browser> = launchBrowser): Promise<TestPages> {
  const outDir = join(import.meta.dirname, '../dist', `test-page-${process.pid}`)
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, assetsInlineLimit: 0, reportCompressedSize: false },
  })
  const assets = await buildSandbox({ ...sandboxEntries, minify: false })
  await mkdir(join(outDir, 'sandbox-assets'))
  for (const [name, code] of assets) await writeFile(join(outDir, 'sandbox-assets', name), code)
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://test')
    const path = normalize(pathname === '/' ? '/index.html' : pathname)
    const surface = /^\/sandbox\/(worker|frame)\.html$/.exec(path)?.[1]
    if (surface) return sendSandbox(response, request.headers.host ?? '', surface)
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
  const browser = await launch()
  return {
    async open(name, query = '') {
      const page = await browser.newPage()
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      await page.goto(`http://127.0.0.1:${port}/${query}#${name}`)
      return { page, problems }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

function sendSandbox(response: ServerResponse, host: string, surface: string): void {
  const files = `http://${host}/plugin-files/`
  const script = surface === 'worker' ? workerDocumentScript : `http://${host}/sandbox-assets/`
  const policy = [
    'sandbox allow-scripts',
    "default-src 'none'",
    `script-src ${script} ${files}`,
    `worker-src blob: ${files}`,
  ]
  response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy.join('; ') })
  response.end(
    surface === 'worker'
      ? workerDocument
      : '<!doctype html><body><script type="module" src="/sandbox-assets/frame.js"></script>',
  )
}
