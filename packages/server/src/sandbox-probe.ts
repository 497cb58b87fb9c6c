import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Origins } from './origins.ts'

const path = '/sandbox/probe.html'

/** Asks for an address that is on the list and for one that is not, and tells the page which of them answered. */
const script = `
Promise.all(['?listed', '?unlisted'].map((query) =>
  fetch('${path}' + query, { mode: 'no-cors', cache: 'no-store' }).then(() => true, () => false)
)).then(([listed, unlisted]) => parent.postMessage({ type: 'mortise.probe', listed, unlisted }, '*'))
`

/**
 * A document that tells whether a browser enforces `Connection-Allowlist`. Content
 * security policy allows both of its requests, so only that header can stop one.
 */
export function serveSandboxProbe(app: FastifyInstance, origins: () => Origins): void {
  const hash = createHash('sha256').update(script).digest('base64')
  app.get(path, (_request, reply) => {
    const { main } = origins()
    return reply
      .headers({
        'content-security-policy': `default-src 'none'; script-src 'sha256-${hash}'; connect-src ${main}${path}; frame-ancestors ${main}; sandbox allow-scripts`,
        'connection-allowlist': `("${main}${path}?listed")`,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'no-store',
      })
      .type('text/html; charset=utf-8')
      .send(`<!doctype html><title>Probe</title><script>${script}</script>`)
  })
}
