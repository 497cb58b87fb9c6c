import { MortiseError, workerDocument, workerDocumentScript } from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import type { ReportAddresses } from './contacts/report-addresses.ts'
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
  reports: ReportAddresses,
): void {
  app.get<{ Params: { id: string; version: string; document: string } }>(
    '/sandbox/:id/:version/:document',
    (request, reply) => {
      const { id, version, document } = request.params
      const plugin = releaseOf(store.get(id), version)
      const { host } = request.headers
      const surface = document === 'worker.html' ? 'worker' : document === 'frame.html' ? 'frame' : undefined
      const isOwnHost = origins().isHostOf(id, host)
      if (surface === undefined || plugin?.entries.ui === undefined || !isOwnHost) {
        throw new MortiseError('NOT_FOUND', 'There is no such sandbox document.')
      }
      if (!mayRun(plugin)) {
        throw new MortiseError('PLUGIN_NOT_RUNNING', `The plugin '${id}' may not run now.`)
      }
      return reply
        .headers(sandboxHeaders(plugin, surface, origins().main, reports.issue(id)))
        .type('text/html; charset=utf-8')
        .send(surface === 'worker' ? workerDocument : frameDocument(origins().main))
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

/**
 * Headers of a sandbox document, from what the plugin was granted.
 *
 * @param reportTo - Where the browser tells which hosts the document asks for. On the document's own
 * host: that is the one host that no list of connections shuts out.
 */
export function sandboxHeaders(
  plugin: InstalledPlugin,
  surface: 'worker' | 'frame',
  origin: string,
  reportTo: string,
): Record<string, string> {
  const assets = `${origin}/sandbox-assets/`
  const files = `${origin}/plugin-files/${plugin.id}/${plugin.version}/`
  const hosts = grantedHosts(plugin).filter((host) => /^[a-z0-9*.:[\]-]+$/.test(host))
  const remote = hosts.flatMap((host) => [`https://${host}`, `wss://${host}`])
  // A worker is given its code by the page, a frame loads it.
  const scripts = surface === 'worker' ? workerDocumentScript : assets
  const forSurface =
    surface === 'frame'
      ? [
          `style-src ${files} ${assets}`,
          `img-src ${files} data: blob:`,
          `font-src ${files} data:`,
          `media-src ${files} data: blob:`,
        ]
      : // The blob is the realm. Firefox also looks here for what a module in the realm imports.
        [`worker-src blob: ${files}`]
  const policy = [
    `default-src 'none'`,
    `script-src ${scripts} ${files}`,
    `connect-src ${[files, ...remote].join(' ')}`,
    ...forSurface,
    `form-action 'none'`,
    `base-uri 'none'`,
    `frame-ancestors ${origin}`,
    'sandbox allow-scripts',
  ]
  const paths = surface === 'worker' ? [files] : [assets, files]
  const connections = [...paths.map((path) => `${path}*`), ...hosts.map((host) => `https://${host}/*`)]
  return {
    'content-security-policy': policy.join('; '),
    // Forbids what the policy above allows and stops nothing: so the browser reports each host, whatever the code says.
    'content-security-policy-report-only': `connect-src ${files}; report-uri ${reportTo}`,
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

function frameDocument(origin: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Plugin</title>
<script type="module" crossorigin src="${origin}/sandbox-assets/frame.js"></script>
</head>
<body></body>
</html>
`
}
