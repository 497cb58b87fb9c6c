import { MortiseError } from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import type { Origins } from './origins.ts'
import { grantedHosts, mayRun } from './plugin-record.ts'
import type { InstalledPlugin, PluginStore } from './plugin-store.ts'
import { previousAsPlugin } from './previous-release.ts'

/**
 * The documents that plugin UI runs in. Their headers are the wall: an opaque
 * origin, scripts from listed paths only, connections to granted hosts only.
 *
 * @remarks
 * The list of connections covers what a content security policy does not:
 * name look-ups, WebRTC, navigation away. Browsers that do not know the header
 * ignore it, which is why the worker is the default surface.
 */
export function serveSandboxDocuments(
  app: FastifyInstance,
  store: PluginStore,
  origins: () => Origins,
): void {
  app.get<{ Params: { id: string; version: string; document: string } }>(
    '/sandbox/:id/:version/:document',
    (request, reply) => {
      const { id, version, document } = request.params
      const plugin = releaseOf(store.get(id), version)
      const { host } = request.headers
      const surface = document === 'worker.html' ? 'worker' : document === 'frame.html' ? 'frame' : undefined
      const isOwnHost =
        origins().isMainHost(host) || host?.toLowerCase().startsWith(`${id}.localhost`) === true
      if (surface === undefined || plugin?.entries.ui === undefined || !isOwnHost) {
        throw new MortiseError('NOT_FOUND', 'There is no such sandbox document.')
      }
      if (!mayRun(plugin)) {
        throw new MortiseError('PLUGIN_NOT_RUNNING', `The plugin '${id}' may not run now.`)
      }
      return reply
        .headers(sandboxHeaders(plugin, surface, origins().main))
        .type('text/html; charset=utf-8')
        .send(sandboxHtml(surface, origins().main))
    },
  )
}

/** The installed version, or the one before, which runs where the installed one does not load. */
function releaseOf(plugin: InstalledPlugin, version: string): InstalledPlugin | undefined {
  return plugin.version === version
    ? plugin
    : plugin.previous?.version === version
      ? previousAsPlugin(plugin)
      : undefined
}

/** Headers of a sandbox document, from what the plugin was granted. */
export function sandboxHeaders(
  plugin: InstalledPlugin,
  surface: 'worker' | 'frame',
  origin: string,
): Record<string, string> {
  const assets = `${origin}/sandbox-assets/`
  const files = `${origin}/plugin-files/${plugin.id}/${plugin.version}/`
  const hosts = grantedHosts(plugin).filter((host) => /^[a-z0-9*.:[\]-]+$/.test(host))
  const remote = hosts.flatMap((host) => [`https://${host}`, `wss://${host}`])
  const frameOnly =
    surface === 'frame'
      ? [
          `style-src ${files} ${assets}`,
          `img-src ${files} data: blob:`,
          `font-src ${files} data:`,
          `media-src ${files} data: blob:`,
        ]
      : ['worker-src blob:']
  const policy = [
    `default-src 'none'`,
    `script-src ${assets} ${files}`,
    `connect-src ${[files, ...remote].join(' ')}`,
    ...frameOnly,
    `form-action 'none'`,
    `base-uri 'none'`,
    `frame-ancestors ${origin}`,
    'sandbox allow-scripts',
  ]
  const connections = [`${assets}*`, `${files}*`, ...hosts.map((host) => `https://${host}/*`)]
  return {
    'content-security-policy': policy.join('; '),
    'connection-allowlist': `(response-origin ${connections.map((pattern) => `"${pattern}"`).join(' ')})`,
    'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    // Grants are in the headers, so the document is asked for again each time.
    'cache-control': 'no-store',
  }
}

/** What no page of a plugin may use. */
export const deniedFeatures = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]

function sandboxHtml(surface: 'worker' | 'frame', origin: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Plugin</title>
<script type="module" crossorigin src="${origin}/sandbox-assets/${surface}.js"></script>
</head>
<body></body>
</html>
`
}
