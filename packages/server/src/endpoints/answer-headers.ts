import { MortiseError } from '@mortise/contract'
import type { PluginAnswer } from '@mortise/isolate'
import { grantedHosts } from '../plugin-record.ts'
import type { InstalledPlugin } from '../plugin-store.ts'
import { deniedFeatures } from '../sandbox-documents.ts'

/** Headers that a plugin may set on any answer. */
const passed = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'etag',
  'last-modified',
  'location',
  'retry-after',
  'vary',
])
/** Opens an answer to pages of other sites; only where strangers may ask anyway, and never with credentials. */
const passedToStrangers = new Set([
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'access-control-max-age',
])

/**
 * Headers of everything under `/plugins/<name>/`. The address is the console's
 * own, so what is there must never be the console's own page: an opaque origin
 * without storage, cookies or frames around it, and connections to nowhere but
 * the plugin's own address and its granted hosts.
 */
export function wallHeaders(plugin: InstalledPlugin | undefined, origin: string): Record<string, string> {
  const common = {
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  }
  if (!plugin) return { ...common, 'content-security-policy': `sandbox; default-src 'none'` }
  const own = `${origin}/plugins/${plugin.id}/`
  const hosts = grantedHosts(plugin).filter((host) => /^[a-z0-9*.:[\]-]+$/.test(host))
  const remote = hosts.flatMap((host) => [`https://${host}`, `wss://${host}`])
  const policy = [
    `default-src 'none'`,
    `script-src ${own} 'unsafe-inline'`,
    `style-src ${own} 'unsafe-inline'`,
    `img-src ${own} data: blob:`,
    `font-src ${own} data:`,
    `media-src ${own} data: blob:`,
    `connect-src ${[own, ...remote].join(' ')}`,
    `form-action ${own}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    'sandbox allow-scripts allow-forms',
  ]
  const connections = [`${own}*`, ...hosts.map((host) => `https://${host}/*`)]
  return {
    ...common,
    'content-security-policy': policy.join('; '),
    'connection-allowlist': `(response-origin ${connections.map((pattern) => `"${pattern}"`).join(' ')})`,
  }
}

/**
 * What of a plugin's headers goes on.
 *
 * @throws `PLUGIN_ANSWER_INVALID` for a redirect to a place the plugin has no business with.
 */
export function passHeaders(
  answer: PluginAnswer,
  plugin: InstalledPlugin,
  origin: string,
  context: { readonly isPublic: boolean; readonly isSignedIn: boolean },
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [given, value] of answer.headers) {
    const name = given.toLowerCase()
    const isPassed = passed.has(name) || (context.isPublic && passedToStrangers.has(name))
    if (!isPassed) continue
    // What one person was told is nobody else's to keep.
    if (name === 'cache-control' && context.isSignedIn) continue
    headers[name] = name === 'location' ? checkLocation(value, plugin, origin) : value
  }
  if (context.isPublic) headers['cross-origin-resource-policy'] = 'cross-origin'
  if (answer.body && headers['content-type'] === undefined)
    headers['content-type'] = 'application/octet-stream'
  return headers
}

function checkLocation(value: string, plugin: InstalledPlugin, origin: string): string {
  const own = `${origin}/plugins/${plugin.id}/`
  const url = URL.parse(value, own)
  const isOwn = url?.href.startsWith(own) === true
  const isGranted = url?.protocol === 'https:' && grantedHosts(plugin).includes(url.host)
  if (url && url.username === '' && url.password === '' && (isOwn || isGranted)) return url.href
  throw new MortiseError(
    'PLUGIN_ANSWER_INVALID',
    `${plugin.id} redirects to ${value.slice(0, 200)}. It may redirect below ${own} and, with https, to hosts it was granted.`,
    { source: 'plugin' },
  )
}
