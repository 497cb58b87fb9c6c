/** How long things of the backend take, in seconds: what Prometheus works percentiles out from. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
  readonly buckets?: readonly number[]
}

/**
 * Every metric of the backend. Names are public: never reused, never renamed.
 *
 * A label takes its values from a closed list or from what an administrator made
 * (plugins, webhooks, routes), never from what a plugin or a request says.
 */
export const metricTable = {
  mortise_plugin_calls_total: {
    type: 'counter',
    labels: ['plugin', 'kind', 'result'],
    help: 'Calls into the sandbox of a plugin: `load`, `call` (life cycle), `deliver`, `filter`, `ring`, `http`, `work` (jobs and commands), `configure`. `result` is `ok` or the code of the error.',
  },
  mortise_plugin_call_seconds: {
    type: 'histogram',
    labels: ['plugin', 'kind'],
    buckets,
    help: 'How long calls into the sandbox took, without the time they waited for their turn.',
  },
  mortise_plugin_host_calls_total: {
    type: 'counter',
    labels: ['plugin', 'result'],
    help: 'Methods of the host that a plugin called, in the browser and on the server.',
  },
  mortise_plugin_requests_total: {
    type: 'counter',
    labels: ['plugin', 'status'],
    help: 'Web requests that the plugin was asked to answer, by `2xx` to `5xx`.',
  },
  mortise_plugin_cpu_seconds_total: {
    type: 'counter',
    labels: ['plugin'],
    help: 'Processor time used in the sandboxes of the plugin since it was enabled or the server started.',
  },
  mortise_plugin_memory_bytes: {
    type: 'gauge',
    labels: ['plugin'],
    help: 'Heap and buffers of the sandbox; 0 where none runs.',
  },
  mortise_plugin_strikes_total: {
    type: 'counter',
    labels: ['plugin', 'code'],
    help: 'Times the plugin went over a limit or failed where it decides, by code.',
  },
  mortise_plugin_strikes: {
    type: 'gauge',
    labels: ['plugin'],
    help: 'Strikes that count now. Five put the plugin out of service.',
  },
  mortise_plugin_quarantined: {
    type: 'gauge',
    labels: ['plugin'],
    help: '1 while the plugin is out of service after too many strikes.',
  },
  mortise_plugin_restart_wait_seconds: {
    type: 'gauge',
    labels: ['plugin'],
    help: 'Seconds until the plugin is tried again after its sandbox was ended again and again; 0 where nothing holds it back.',
  },
  mortise_plugin_queue_depth: {
    type: 'gauge',
    labels: ['plugin', 'state'],
    help: 'Deliveries to the plugin that wait (`pending`) or are under way (`running`).',
  },
  mortise_plugin_behind: {
    type: 'gauge',
    labels: ['plugin'],
    help: '1 while so much waits for the plugin that deliveries are made from the log and not written ahead.',
  },
  mortise_plugin_lost_total: {
    type: 'counter',
    labels: ['plugin'],
    help: 'Events that the log dropped before they could be delivered to the plugin.',
  },
  mortise_plugins_running: { type: 'gauge', labels: [], help: 'Server plugins that take events now.' },
  mortise_deliveries_total: {
    type: 'counter',
    labels: ['plugin', 'result'],
    help: 'Tries to deliver an event to a plugin, by `ok` and `error`.',
  },
  mortise_webhook_attempts_total: {
    type: 'counter',
    labels: ['result'],
    help: 'Tries to send a message to a webhook: `success`, `retrying`, `failed`.',
  },
  mortise_webhook_queue_depth: {
    type: 'gauge',
    labels: ['webhook', 'state'],
    help: 'Messages to the webhook that wait (`pending`) or are under way (`running`).',
  },
  mortise_events_logged: { type: 'gauge', labels: [], help: 'Cursor of the newest event in the log.' },
  mortise_feed_clients: { type: 'gauge', labels: [], help: 'WebSocket clients that follow the feed.' },
  mortise_feed_cuts_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Feed clients that were cut: `slow`, `silent`, `signed-out`.',
  },
  mortise_http_requests_total: {
    type: 'counter',
    labels: ['method', 'route', 'status'],
    help: 'Requests by route pattern and status.',
  },
  mortise_http_request_seconds: {
    type: 'histogram',
    labels: ['route'],
    buckets,
    help: 'How long requests took until the answer was sent.',
  },
} as const satisfies Record<string, MetricDefinition>

type Table = typeof metricTable
export type MetricName = keyof Table
export type MetricLabels<Name extends MetricName> = { readonly [L in Table[Name]['labels'][number]]: string }
type OfType<Type extends MetricDefinition['type']> = {
  [Name in MetricName]: Table[Name]['type'] extends Type ? Name : never
}[MetricName]
export type CounterName = OfType<'counter'>
export type HistogramName = OfType<'histogram'>
export type ReadName = OfType<'counter' | 'gauge'>
