import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'vite'

/** The classic worker's code: shares stand-ins for the sandbox's modules and reports what the remote exports. */
const workerSource = `
import * as runtimeCore from '@module-federation/runtime-core'
import { createInstance } from '@module-federation/enhanced/runtime'

self.onmessage = async ({ data: { entry } }) => {
  try {
    globalThis._FEDERATION_RUNTIME_CORE = runtimeCore
    const shared = {
      react: { version: '19.0.0', createElement: (type, props) => ({ type, props }), default: {} },
      'react/jsx-runtime': { jsx: (type, props) => ({ type, props }), jsxs: (type, props) => ({ type, props }) },
      '@mortise/sdk': { definePlugin: (plugin) => plugin },
      '@mortise/react': { Text: 'Text', widget: (Component) => () => Component() },
    }
    const instance = createInstance({
      name: 'host',
      remotes: [],
      shared: Object.fromEntries(
        Object.entries(shared).map(([name, module]) => [
          name,
          { version: '19.0.0', lib: () => module, shareConfig: { singleton: true, requiredVersion: false } },
        ]),
      ),
      plugins: [{ name: 'esm', loadEntry: ({ remoteInfo }) => import(/* @vite-ignore */ remoteInfo.entry) }],
    })
    instance.registerRemotes([{ name: 'remote', entry, type: 'module' }])
    const { default: plugin } = await instance.loadRemote('remote/plugin')
    const drawn = plugin.widgets.hello()
    postMessage({ origin: self.origin, widgets: Object.keys(plugin.widgets), drawn: JSON.stringify(drawn) })
  } catch (error) {
    postMessage({ origin: self.origin, failed: String(error?.stack ?? error) })
  }
}
`

/** Runs in the frame: starts the worker from a blob and passes its answer up. */
const frameSource = `
const worker = new Worker(URL.createObjectURL(new Blob([self.workerCode], { type: 'text/javascript' })))
worker.onmessage = ({ data }) => parent.postMessage(data, '*')
worker.onerror = ({ message }) => parent.postMessage({ failed: message }, '*')
worker.postMessage({ entry: new URL('/plugin/remoteEntry.js', location.href).href })
`

export interface SandboxPage extends AsyncDisposable {
  /** A page that embeds the sandbox and collects its answer in `window.answer`. */
  readonly url: string
}

/** Serves a page with an opaque-origin sandbox, locked down by the policy of the product, and a remote's files. */
export async function serveSandboxPage(
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<SandboxPage> {
  const workerCode = await bundle(workerSource)
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const origin = `http://${request.headers.host}`
    const send = (type: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
      response
        .writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff', ...headers })
        .end(body)
    if (path === '/') {
      send(
        'text/html',
        `<!doctype html><script>addEventListener('message', (e) => { window.answer = e.data })</script>
         <iframe sandbox="allow-scripts" src="/sandbox.html"></iframe>`,
      )
    } else if (path === '/sandbox.html') {
      send(
        'text/html',
        '<!doctype html><script src="/boot/worker-code.js"></script><script src="/boot/frame.js"></script>',
        {
          'content-security-policy': `sandbox allow-scripts; default-src 'none'; script-src ${origin}/boot/ ${origin}/plugin/; worker-src blob: ${origin}/boot/ ${origin}/plugin/`,
        },
      )
    } else if (path === '/boot/worker-code.js') {
      send('text/javascript', `self.workerCode = ${JSON.stringify(workerCode)}`)
    } else if (path === '/boot/frame.js') {
      send('text/javascript', frameSource)
    } else {
      const file = path.startsWith('/plugin/') ? files.get(path.slice('/plugin/'.length)) : undefined
      if (file === undefined) response.writeHead(path === '/favicon.ico' ? 204 : 404).end()
      else send('text/javascript', file, { 'access-control-allow-origin': '*' })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bundle(source: string): Promise<string> {
  const entry = 'virtual:worker'
  const result = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    plugins: [
      {
        name: 'source',
        resolveId: (id) => (id === entry ? `${import.meta.dirname}/worker.js` : undefined),
        load: (id) => (id === `${import.meta.dirname}/worker.js` ? source : undefined),
      },
    ],
    build: {
      write: false,
      rolldownOptions: { input: entry, output: { format: 'iife', codeSplitting: false } },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  if (!output || !('output' in output)) throw new Error('The worker did not build')
  return output.output[0].code
}
