import { configBodySchema, grantsBodySchema, logLinesBodySchema, MortiseError, s } from '@mortise/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Catalog } from './catalog.ts'
import { actorOf } from './guard-requests.ts'
import type { PluginLogs } from './log.ts'
import type { PluginManager } from './plugin-manager.ts'
import { packageLimits, readPackageZip } from './plugin-package.ts'
import type { PluginRecords } from './plugin-records.ts'
import type { PluginStore } from './plugin-store.ts'
import type { RateLimit } from './rate-limit.ts'
import { readBody } from './read-body.ts'

/** Largest archive that is taken. */
const archiveBytes = 32_000_000

const installSchema = s.strictObject({ name: s.pipe(s.string(), s.maxLength(64)) })
const patchSchema = s.strictObject({
  enabled: s.optional(s.boolean()),
  config: s.optional(s.dictionary(s.unknown())),
  approveHosts: s.optional(s.array(s.string()), []),
})

type ById = { Params: { id: string } }

/** Addresses under `/api/v1/plugins`. */
export function routePlugins(
  app: FastifyInstance,
  {
    store,
    records,
    plugins,
    catalog,
    logs,
    logLimit,
    now,
  }: {
    readonly store: PluginStore
    readonly records: PluginRecords
    readonly plugins: PluginManager
    readonly catalog: Catalog
    readonly logs: PluginLogs
    readonly logLimit: RateLimit
    readonly now: () => Date
  },
): void {
  const prefix = '/api/v1/plugins'
  const isInstalled = (id: string) => store.find(id) !== undefined

  app.get(prefix, async (request, reply) =>
    reply.type('application/json; charset=utf-8').send(records.printFor(actorOf(request))),
  )

  app.get(`${prefix}/catalog`, async () => {
    const list = await catalog.list(isInstalled)
    return { plugins: list, total: list.length }
  })

  app.get<{ Params: { name: string } }>(`${prefix}/catalog/:name/themes`, async (request) => ({
    themes: await catalog.readThemes(request.params.name),
  }))

  app.post(`${prefix}/install`, { bodyLimit: archiveBytes }, async (request, reply) => {
    const actor = actorOf(request)
    const given = request.isMultipart() ? await readUpload(request) : undefined
    const name = given ? undefined : readBody(installSchema, request.body).name
    const plugin = given ? readPackageZip(given.bytes) : await catalog.read(name ?? '')
    const source = given ? `file:${given.filename}` : `catalog:${name}`
    return reply.code(201).send(await plugins.install(plugin, source, actor))
  })

  app.get<ById>(`${prefix}/:id`, async (request) => records.getFor(actorOf(request), request.params.id))

  app.patch<ById>(`${prefix}/:id`, async (request) => {
    const { id } = request.params
    const actor = actorOf(request)
    const { enabled, config, approveHosts } = readBody(patchSchema, request.body)
    if (config !== undefined) await plugins.configure(id, config, approveHosts, actor)
    if (enabled !== undefined) await (enabled ? plugins.enable(id, actor) : plugins.disable(id, actor))
    return records.get(id)
  })

  app.delete<ById>(`${prefix}/:id`, async (request) => {
    await plugins.uninstall(request.params.id, actorOf(request))
    return { message: 'Plugin uninstalled successfully' }
  })

  app.post<ById>(`${prefix}/:id/enable`, async (request) =>
    plugins.enable(request.params.id, actorOf(request)),
  )

  app.post<ById>(`${prefix}/:id/disable`, async (request) =>
    plugins.disable(request.params.id, actorOf(request)),
  )

  app.post<ById>(`${prefix}/:id/rollback`, async (request) =>
    plugins.rollback(request.params.id, actorOf(request)),
  )

  app.put<ById>(`${prefix}/:id/config`, async (request) => {
    const { config, approveHosts } = readBody(configBodySchema, request.body)
    return plugins.configure(request.params.id, config, approveHosts, actorOf(request))
  })

  app.put<ById>(`${prefix}/:id/grants`, async (request) =>
    plugins.grant(request.params.id, readBody(grantsBodySchema, request.body), actorOf(request)),
  )

  app.get<ById>(`${prefix}/:id/logs`, async (request) => {
    const { id } = records.get(request.params.id)
    return { logs: logs.read(id) }
  })

  app.post<ById>(`${prefix}/:id/logs`, async (request) => {
    const { id } = records.getFor(actorOf(request), request.params.id)
    const { lines } = readBody(logLinesBodySchema, request.body)
    logLimit.take(id, lines.length)
    for (const { level, message, data } of lines) logs.write(id, level, message, data, now())
    return { kept: lines.length }
  })
}

async function readUpload(request: FastifyRequest): Promise<{ filename: string; bytes: Uint8Array }> {
  const file = await request.file({
    limits: { fileSize: Math.min(archiveBytes, packageLimits.totalBytes), files: 1, fields: 4 },
  })
  if (file?.fieldname !== 'file') {
    throw new MortiseError('INPUT_INVALID', "Send the package in a field named 'file'.", {
      data: { issues: [{ pointer: '/file', message: 'is required but missing.' }] },
    })
  }
  return { filename: file.filename.replace(/[^\w.@-]/g, '_').slice(0, 100), bytes: await file.toBuffer() }
}
