import type { PluginUsage } from '@mortise/isolate'
import type { FastifyInstance } from 'fastify'
import type { Behind } from '../deliveries/behind.ts'
import type { Deliveries } from '../deliveries/deliveries.ts'
import type { EventLog } from '../event-log.ts'
import type { Feed } from '../feed.ts'
import type { PluginRunner } from '../plugin-runner.ts'
import type { PluginStore } from '../plugin-store.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Metrics } from './metrics.ts'

/** Ties what can be read at any time to its metrics. */
export function readMetrics(
  metrics: Metrics,
  rooms: {
    readonly store: PluginStore
    readonly runner: PluginRunner
    readonly deliveries: Deliveries
    readonly webhooks: Webhooks
    readonly behind: Behind
    readonly log: EventLog
    readonly feed: Feed
  },
): void {
  const { store, runner, deliveries, webhooks, behind, log, feed } = rooms
  const ofPlugins = (read: (plugin: ReturnType<PluginStore['get']>) => number) => () =>
    store.list().map((plugin) => [{ plugin: plugin.id }, read(plugin)] as const)

  let usage: readonly PluginUsage[] = []
  metrics.read('mortise_plugin_cpu_seconds_total', async () => {
    usage = await runner.usage()
    return usage.map(({ plugin, cpuMs }) => [{ plugin }, cpuMs / 1000] as const)
  })
  // Read after the one above, so that the sandboxes are asked once.
  metrics.read('mortise_plugin_memory_bytes', () =>
    usage.map(({ plugin, memoryBytes }) => [{ plugin }, memoryBytes] as const),
  )
  metrics.read(
    'mortise_plugin_strikes',
    ofPlugins(({ strikes }) => strikes),
  )
  metrics.read(
    'mortise_plugin_quarantined',
    ofPlugins(({ quarantined }) => (quarantined ? 1 : 0)),
  )
  metrics.read(
    'mortise_plugin_restart_wait_seconds',
    ofPlugins(({ id }) => runner.restartsInMs(id) / 1000),
  )
  metrics.read('mortise_plugin_queue_depth', async () =>
    deliveries
      .depths(store.list().map(({ id }) => id))
      .map(({ receiver, state, depth }) => [{ plugin: receiver, state }, depth] as const),
  )
  metrics.read(
    'mortise_plugin_behind',
    ofPlugins(({ id }) => (behind.read(id).behindSince === null ? 0 : 1)),
  )
  metrics.read(
    'mortise_plugin_lost_total',
    ofPlugins(({ id }) => behind.lostOf(id)),
  )
  metrics.read('mortise_webhook_queue_depth', async () =>
    webhooks.depths().map(({ webhook, state, depth }) => [{ webhook, state }, depth] as const),
  )
  metrics.read('mortise_plugins_running', () => [[{}, runner.running.length]])
  metrics.read('mortise_events_logged', () => [[{}, log.head]])
  metrics.read('mortise_feed_clients', () => [[{}, feed.size]])
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts and times requests by the pattern of their route, never by the address a client made up. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    const method = knownMethods.has(request.method) ? request.method : 'other'
    metrics.count('mortise_http_requests_total', { method, route, status: String(reply.statusCode) })
    metrics.observe('mortise_http_request_seconds', { route }, reply.elapsedTime / 1000)
    done()
  })
}
