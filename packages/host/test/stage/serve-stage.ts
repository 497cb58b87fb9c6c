/** Serves the test page, sandboxes and plugin files with the headers of the real thing. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import {
  type EntryFormat,
  type PluginRecord,
  type UiRecord,
  workerDocument,
  workerDocumentScript,
} from '@mortise/contract'
import { buildSandbox } from '@mortise/vite-plugin'
import { build } from 'vite'

export interface StagePlugin {
  readonly id: string
  /** The entry file; a function answers the request itself. */
  readonly entry: string | ((response: ServerResponse) => void)
  /** Further files by path. */
  readonly files?: Readonly<Record<string, string>>
  readonly surface?: 'worker' | 'frame'
  readonly format?: EntryFormat
  /** Packages it runs on copies of its own. */
  readonly isolated?: readonly string[]
  /** The version before, where one is kept. */
  readonly previous?: Pick<StagePlugin, 'entry' | 'files' | 'format' | 'isolated' | 'surface'> & {
    readonly version: string
    readonly permissions?: readonly string[]
  }
  readonly granted?: readonly string[]
  readonly denied?: readonly string[]
  readonly widgets?: readonly string[]
  readonly version?: string
}

export interface StageServer extends AsyncDisposable {
  readonly origin: string
  /** `host path` of every request, in order. */
  readonly requests: string[]
  /** Puts a plugin's files up and answers its record. */
  install(plugin: StagePlugin): PluginRecord
}

let bundle: Promise<ReadonlyMap<string, string>> | undefined

export async function serveStage(): Promise<StageServer> {
  bundle ??= buildStage()
  const assets = await bundle
  const plugins = new Map<string, StagePlugin>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const host = request.headers.host ?? ''
    const { pathname } = new URL(request.url ?? '/', `http://${host}`)
    requests.push(`${host} ${pathname}`)
    const [, area = '', id = '', version = '', ...rest] = pathname.split('/')
    if (pathname === '/') return sendPage(response, host)
    if (area === 'assets' || area === 'sandbox-assets') {
      const code = assets.get([id, version, ...rest].filter(Boolean).join('/'))
      return code === undefined ? refuse(response) : sendScript(response, code)
    }
    const plugin = plugins.get(id)
    if (area === 'sandbox' && plugin) return sendSandbox(response, host, id, version, rest[0] ?? '')
    if (area === 'plugin-files' && plugin) {
      const path = rest.join('/')
      const { entry, files } = plugin.previous?.version === version ? plugin.previous : plugin
      if (path === 'entry.js' && typeof entry === 'function') return entry(response)
      const code = path === 'entry.js' ? (entry as string) : files?.[path]
      return code === undefined ? refuse(response) : sendScript(response, code)
    }
    refuse(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://localhost:${port}`
  return {
    origin,
    requests,
    install(plugin) {
      plugins.set(plugin.id, plugin)
      return recordOf(plugin, port)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function recordOf(plugin: StagePlugin, port: number): PluginRecord {
  const { id, granted = [], denied = [], version = '1.0.0', previous } = plugin
  const permission = (name: string, decision: 'granted' | 'denied') => ({
    name,
    decision,
    known: true,
    risk: 'low' as const,
    sentence: name,
  })
  return {
    id,
    name: id,
    version,
    displayName: `The ${id} plugin`,
    description: '',
    type: 'extension',
    pluginType: 'extension',
    author: 'Test',
    source: 'test',
    enabled: true,
    status: 'active',
    strikes: 0,
    permissions: [
      ...granted.map((name) => permission(name, 'granted')),
      ...denied.map((name) => permission(name, 'denied')),
    ],
    pendingPermissions: [],
    hosts: [],
    config: {},
    configIssues: [],
    secrets: [],
    commands: [],
    ui: {
      ...uiOf({ ...plugin, version }, port),
      ...(previous && {
        previous: {
          ...uiOf({ ...plugin, surface: 'worker', format: 'module', ...previous }, port),
          version: previous.version,
          permissions: previous.permissions ?? [],
        },
      }),
    },
    themes: [],
    hasServerCode: false,
    manifest: {},
    installedBy: 'test',
    installedAt: '',
    updatedAt: '',
  }
}

function uiOf(plugin: StagePlugin & { readonly version: string }, port: number): UiRecord {
  const { id, version, surface = 'worker', format = 'module', isolated = [] } = plugin
  const origin = `http://${surface === 'frame' ? `${id}.localhost` : 'localhost'}:${port}`
  return {
    surface,
    format,
    sharing: { isolated, shared: [], sentence: '', complete: true },
    sandboxUrl: `${origin}/sandbox/${id}/${version}/${surface}.html`,
    ...(surface === 'worker' && {
      apartUrl: `http://${id}.localhost:${port}/sandbox/${id}/${version}/worker.html`,
    }),
    entryUrl: `${origin}/plugin-files/${id}/${version}/entry.js`,
    widgets: (plugin.widgets ?? ['main']).map((widget) => ({
      id: widget,
      title: widget,
      slot: 'main',
      order: 100,
    })),
  }
}

function sendPage(response: ServerResponse, host: string): void {
  const port = host.split(':')[1]
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    "connect-src 'self'",
    `frame-src http://${host}/sandbox/ http://*.localhost:${port}/sandbox/`,
    "object-src 'none'",
    "base-uri 'none'",
  ]
  response
    .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy.join('; ') })
    .end(
      '<!doctype html><html lang="en"><link rel="icon" href="data:,"><body><script type="module" src="/assets/page.js"></script>',
    )
}

const frameDocument = '<!doctype html><body><script type="module" src="/sandbox-assets/frame.js"></script>'

function sendSandbox(
  response: ServerResponse,
  host: string,
  id: string,
  version: string,
  file: string,
): void {
  const surface = file.replace('.html', '')
  const assets = `http://${host}/sandbox-assets/`
  // A worker apart has the same files as one that shares its host with others.
  const files = `http://${surface === 'worker' ? `localhost:${host.split(':')[1]}` : host}/plugin-files/${id}/${version}/`
  const policy = [
    'sandbox allow-scripts',
    "default-src 'none'",
    `script-src ${surface === 'worker' ? workerDocumentScript : assets} ${files}`,
    `worker-src blob: ${files}`,
    "form-action 'none'",
    "base-uri 'none'",
  ]
  response
    .writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': policy.join('; '),
      'connection-allowlist': `(response-origin "${files}*")`,
      'referrer-policy': 'no-referrer',
    })
    .end(surface === 'worker' ? workerDocument : frameDocument)
}

function sendScript(response: ServerResponse, code: string): void {
  response
    .writeHead(200, {
      'content-type': 'text/javascript',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .end(code)
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, { 'access-control-allow-origin': '*' }).end()
}

async function buildStage(): Promise<ReadonlyMap<string, string>> {
  const entry = (name: string) => join(import.meta.dirname, `${name}.ts`)
  const sandbox = await buildSandbox({
    root: import.meta.dirname,
    documents: { frame: entry('frame') },
    scripts: { 'worker-realm': entry('worker-realm'), 'worker-federation': entry('worker-federation') },
    minify: false,
  })
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    base: './',
    build: {
      write: false,
      target: 'esnext',
      modulePreload: false,
      minify: false,
      rolldownOptions: {
        input: entry('page'),
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((result) =>
    'output' in result ? result.output : [],
  )
  const page = outputs.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : []))
  return new Map([...page, ...sandbox])
}
