import {
  callsBodySchema,
  commandBodySchema,
  configBodySchema,
  type DomainDefinition,
  dismissBodySchema,
  grantsBodySchema,
  logLinesBodySchema,
  methodTable,
  publishedEventSchema,
  recipientsBodySchema,
  replayBodySchema,
  type Schema,
  secretsBodySchema,
  spansBodySchema,
  themeBodySchema,
} from '@mortise/contract'
import { toJsonSchema } from '@valibot/to-json-schema'
import {
  rotateBodySchema,
  webhookChangesSchema,
  webhookDismissSchema,
  webhookReplaySchema,
} from './webhooks/endpoint.ts'

interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly summary: string
  readonly body?: Schema
  readonly status?: number
}

const routes: readonly Route[] = [
  { method: 'post', path: '/auth/sign-in', summary: 'Starts a session with the token of the administrator.' },
  { method: 'post', path: '/auth/sign-out', summary: 'Ends the session.' },
  { method: 'get', path: '/me', summary: 'Who is signed in, and the cursor of the newest event.' },
  { method: 'get', path: '/plugins', summary: 'Lists installed plugins.' },
  { method: 'get', path: '/plugins/catalog', summary: 'Lists plugins that can be installed by name.' },
  {
    method: 'get',
    path: '/plugins/catalog/{name}/themes',
    summary: 'Token files of the themes of a plugin that is not installed, for a preview.',
  },
  {
    method: 'post',
    path: '/plugins/install',
    summary: 'Installs a plugin by name or from an archive.',
    status: 201,
  },
  { method: 'get', path: '/plugins/{id}', summary: 'Reads one plugin.' },
  {
    method: 'patch',
    path: '/plugins/{id}',
    summary: 'Changes whether a plugin is enabled and its configuration.',
  },
  { method: 'delete', path: '/plugins/{id}', summary: 'Uninstalls a plugin with all it kept.' },
  { method: 'post', path: '/plugins/{id}/enable', summary: 'Enables a plugin.' },
  { method: 'post', path: '/plugins/{id}/disable', summary: 'Disables a plugin.' },
  { method: 'put', path: '/plugins/{id}/config', summary: 'Saves a configuration.', body: configBodySchema },
  {
    method: 'put',
    path: '/plugins/{id}/grants',
    summary: 'Decides on permissions and hosts.',
    body: grantsBodySchema,
  },
  {
    method: 'put',
    path: '/plugins/{id}/secrets',
    summary: 'Stores or forgets secrets of a plugin. No address answers with their values.',
    body: secretsBodySchema,
  },
  { method: 'get', path: '/plugins/{id}/logs', summary: "The last lines of a plugin's log." },
  {
    method: 'post',
    path: '/plugins/{id}/logs',
    summary: "Adds what a plugin logged in somebody's browser.",
    body: logLinesBodySchema,
  },
  {
    method: 'get',
    path: '/plugins/{id}/deliveries',
    summary: 'Deliveries to a plugin, newest event first. `state`, `before` and `limit` choose.',
  },
  {
    method: 'post',
    path: '/plugins/{id}/deliveries/dismiss',
    summary: 'Takes note of events that never reached the plugin, so that they are no longer shown.',
    body: dismissBodySchema,
  },
  {
    method: 'post',
    path: '/plugins/{id}/deliveries/replay',
    summary: 'Lets deliveries start over: some, all that were given up, or a range of the log.',
    body: replayBodySchema,
    status: 202,
  },
  {
    method: 'post',
    path: '/plugins/{id}/deliveries/{delivery}/replay',
    summary: 'Lets one delivery start over.',
    status: 202,
  },
  {
    method: 'get',
    path: '/plugins/{id}/contacts',
    summary: 'Hosts the plugin contacted or tried to contact.',
  },
  { method: 'get', path: '/plugins/{id}/email', summary: 'Email of the plugin, and whom it may write to.' },
  {
    method: 'put',
    path: '/plugins/{id}/email/recipients',
    summary: 'Replaces the recipients the plugin may write to.',
    body: recipientsBodySchema,
  },
  {
    method: 'post',
    path: '/plugins/{id}/commands/{command}',
    summary: 'Runs a command of the plugin for the person who asks.',
    body: commandBodySchema,
  },
  { method: 'get', path: '/plugins/{id}/jobs', summary: 'Work the plugin does at set times.' },
  { method: 'post', path: '/plugins/{id}/jobs/{job}/run', summary: 'Runs a job once, beside its schedule.' },
  { method: 'post', path: '/calls', summary: 'Runs methods of the domains.', body: callsBodySchema },
  {
    method: 'get',
    path: '/events/types',
    summary: 'The event registry: types with version and schema of their data.',
  },
  { method: 'get', path: '/events', summary: 'The newest events, newest first.' },
  {
    method: 'post',
    path: '/events',
    summary: 'Publishes an event.',
    body: publishedEventSchema,
    status: 202,
  },
  {
    method: 'post',
    path: '/spans',
    summary: 'Takes the part that pages had in traces.',
    body: spansBodySchema,
    status: 202,
  },
  { method: 'get', path: '/webhooks', summary: 'Lists managed webhooks, their secrets covered.' },
  {
    method: 'post',
    path: '/webhooks',
    summary: 'Adds a webhook.',
    body: webhookChangesSchema,
    status: 201,
  },
  { method: 'get', path: '/webhooks/{id}', summary: 'Reads one webhook.' },
  { method: 'put', path: '/webhooks/{id}', summary: 'Changes a webhook.', body: webhookChangesSchema },
  { method: 'delete', path: '/webhooks/{id}', summary: 'Deletes a webhook with its messages.' },
  { method: 'post', path: '/webhooks/{id}/test', summary: 'Sends a test event to a webhook at once.' },
  {
    method: 'post',
    path: '/webhooks/{id}/rotate',
    summary: 'Replaces the secret; the old one signs too for a while.',
    body: rotateBodySchema,
  },
  { method: 'get', path: '/webhooks/{id}/deliveries', summary: 'The last attempts of a webhook.' },
  {
    method: 'post',
    path: '/webhooks/{id}/deliveries/dismiss',
    summary: 'Takes note of events that never reached the webhook.',
    body: webhookDismissSchema,
  },
  {
    method: 'post',
    path: '/webhooks/{id}/deliveries/replay',
    summary: 'Sends messages again: some, all that were given up, all since an event, or a range of the log.',
    body: webhookReplaySchema,
    status: 202,
  },
  { method: 'get', path: '/theme', summary: 'What the person chose to see.' },
  { method: 'get', path: '/theme/scope', summary: 'What a theme sets in a part of the page.' },
  {
    method: 'get',
    path: '/theme/branding',
    summary: 'Name, logo and place of the navigation; those the host prefers where nobody is signed in.',
  },
  {
    method: 'get',
    path: '/theme/icons',
    summary: 'Pictures of the icons that a theme brings, as they are in its package.',
  },
  { method: 'put', path: '/theme', summary: 'Changes what the person sees.', body: themeBodySchema },
]

/** The HTTP interface as an OpenAPI document; the methods of the domains are under `x-mortise-methods`. */
export function toOpenApi(title: string, domains: readonly DomainDefinition[]): unknown {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = `/api/v1${route.path}`
    paths[path] = { ...paths[path], [route.method]: toOperation(route) }
  }
  const methods = [...methodTable(domains).values()].map(
    ({ name, summary, permission, effect, params, args, output }) => ({
      name,
      summary,
      permission,
      effect,
      params,
      args: toSchema(args),
      output: toSchema(output),
    }),
  )
  return {
    openapi: '3.1.0',
    info: { title, version: '1' },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: errorSchema },
    },
    security: [{ token: [] }],
    'x-mortise-methods': methods,
  }
}

const errorSchema = {
  type: 'object',
  required: ['code', 'message', 'error', 'name', 'retryable'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    error: { type: 'string' },
    name: { type: 'string' },
    retryable: { type: 'boolean' },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'message'],
        properties: { file: { type: 'string' }, pointer: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

function toOperation({ path, summary, body, status = 200 }: Route): unknown {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return {
    summary,
    parameters,
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body) } } } }
      : {}),
    responses: {
      [status]: { description: 'Done.' },
      default: {
        description: 'Refused or failed.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

function toSchema(schema: Schema): unknown {
  const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' })
  return rest
}
