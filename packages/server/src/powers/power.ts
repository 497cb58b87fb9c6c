import type { FastifyInstance } from 'fastify'
import type { ProviderTable } from '../config.ts'

/** Something the backend lends to the server code of plugins, with all that ends it. */
export interface Power {
  /** What carries out its methods in the server domain. */
  readonly providers: ProviderTable
  /** Answers the console and the command line. */
  route?(app: FastifyInstance): void
  /** Called once, when the plugins run. */
  start?(): Promise<void> | void
  /** Called each time a plugin's server code has loaded. */
  didLoad?(plugin: string): Promise<void> | void
  /** Removes what a plugin kept, when it is uninstalled. Rows that name the plugin are gone by then. */
  forget?(plugin: string): Promise<void> | void
  close?(): Promise<void> | void
}

/** Several powers as one. */
export function joinPowers(powers: readonly Power[]): Required<Power> {
  return {
    providers: Object.assign({}, ...powers.map(({ providers }) => providers)),
    route(app) {
      for (const power of powers) power.route?.(app)
    },
    async start() {
      for (const power of powers) await power.start?.()
    },
    async didLoad(plugin) {
      for (const power of powers) await power.didLoad?.(plugin)
    },
    async forget(plugin) {
      for (const power of powers) await power.forget?.(plugin)
    },
    async close() {
      for (const power of powers) await power.close?.()
    },
  }
}
