import {
  escapePointer,
  type Manifest,
  MortiseError,
  type PluginRecord,
  secretsBodySchema,
} from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../config.ts'
import { actorOf } from '../guard-requests.ts'
import { pluginEvent } from '../plugin-event.ts'
import type { PluginStore } from '../plugin-store.ts'
import { callingPlugin } from '../powers/calling-plugin.ts'
import type { Power } from '../powers/power.ts'
import { readBody } from '../read-body.ts'
import type { Transact } from '../transact.ts'

export interface PluginSecretsOptions {
  readonly store: PluginStore
  readonly transact: Transact
  readonly now: () => Date
  /** Called after secrets changed, before anybody may see the plugin's next words. */
  didChange(plugin: string): void
  record(plugin: string): PluginRecord
}

/** Secrets that an administrator stores and the plugin's server code reads. Nothing else reads them. */
export class PluginSecrets implements Power {
  readonly #options: PluginSecretsOptions

  constructor(options: PluginSecretsOptions) {
    this.#options = options
  }

  /** @throws `INPUT_INVALID` for a name that the manifest does not declare; nothing is stored then. */
  async set(plugin: string, changes: Readonly<Record<string, string | null>>, actor: Actor): Promise<void> {
    const { store, transact, now, didChange } = this.#options
    const { manifest, secrets } = store.get(plugin)
    const unknown = Object.entries(changes)
      // What another version stored can be forgotten, not replaced.
      .filter(([name, value]) => !declares(manifest, name) && (value !== null || !secrets.has(name)))
      .map(([name]) => name)
    if (unknown.length > 0) {
      const issues = unknown.map((name) => ({
        pointer: `/secrets/${escapePointer(name)}`,
        message: 'is not declared in the manifest of this plugin.',
      }))
      throw new MortiseError(
        'INPUT_INVALID',
        `${plugin} declares no secret ${unknown.map((name) => `'${name.slice(0, 64)}'`).join(', ')}.`,
        { data: { issues } },
      )
    }
    await transact(async (transaction, emit) => {
      await store.secrets.change(transaction, plugin, changes, { by: actor.id, at: now().toISOString() })
      emit(pluginEvent('plugin.configured', plugin, actor))
    })
    await store.reload(plugin)
    didChange(plugin)
  }

  readonly providers = {
    secrets: {
      get: (context, name: string) => {
        const { manifest, secrets } = this.#options.store.get(callingPlugin(context))
        return declares(manifest, name) ? (secrets.get(name)?.value ?? null) : null
      },
    },
  } satisfies Power['providers']

  route(app: FastifyInstance): void {
    app.put<{ Params: { id: string } }>('/api/v1/plugins/:id/secrets', async (request) => {
      const { id } = request.params
      await this.set(id, readBody(secretsBodySchema, request.body).secrets, actorOf(request))
      return this.#options.record(id)
    })
  }
}

/** Secrets of other versions are kept, so that going back to one finds them; this version does not get them. */
function declares(manifest: Manifest, name: string): boolean {
  return manifest.secrets.some((secret) => secret.name === name)
}
