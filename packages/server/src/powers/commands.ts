import {
  type CommandArgument,
  commandBodySchema,
  fromErrorRecord,
  MortiseError,
  parseCommandArgs,
  toErrorRecord,
  unwrap,
} from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../config.ts'
import { actorOf } from '../guard-requests.ts'
import { readBody } from '../read-body.ts'
import type { Power } from './power.ts'

/** Longest result that is shown, in characters. */
const longestResult = 4000

export interface CommandsOptions {
  /** What a command that the manifest declares asks for, `undefined` for others. @throws `PLUGIN_NOT_FOUND`. */
  commandOf(plugin: string, name: string): { readonly args: readonly CommandArgument[] } | undefined
  isGranted(plugin: string): boolean
  run(plugin: string, command: string, args: readonly unknown[]): Promise<unknown>
  /** Text without the plugin's secrets. */
  scrub(plugin: string, text: string): string
}

/** Commands of plugins, which a person runs from the palette of the console. */
export class Commands implements Power {
  readonly #options: CommandsOptions

  constructor(options: CommandsOptions) {
    this.#options = options
  }

  readonly providers = {}

  route(app: FastifyInstance): void {
    app.post<{ Params: { id: string; command: string } }>(
      '/api/v1/plugins/:id/commands/:command',
      async (request) => {
        const { id, command } = request.params
        const { args } = readBody(commandBodySchema, request.body ?? {})
        return { result: await this.run(id, command, args, actorOf(request)) }
      },
    )
  }

  /**
   * Runs a command for a person and answers its result as text, `null` where there is none.
   *
   * @throws `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID` for arguments it does not declare, and errors of the plugin without its secrets.
   */
  async run(plugin: string, command: string, args: unknown, actor: Actor): Promise<string | null> {
    const { commandOf, isGranted, run, scrub } = this.#options
    const declared = commandOf(plugin, command)
    if (!declared) {
      throw new MortiseError('NOT_FOUND', `${plugin} declares no command '${command.slice(0, 64)}'.`)
    }
    if (!isGranted(plugin)) {
      throw new MortiseError(
        'PERMISSION_DENIED',
        `${plugin} does not run, or was not granted the permission 'commands'.`,
      )
    }
    const values = unwrap(
      parseCommandArgs(declared.args, args),
      'INPUT_INVALID',
      'The arguments were refused',
    )
    const { id, name, role } = actor
    try {
      const result = await run(plugin, command, [values, { user: { id, name, role } }])
      if (result === undefined || result === null) return null
      const text = typeof result === 'string' ? result : JSON.stringify(result, null, 2)
      return scrub(plugin, text).slice(0, longestResult)
    } catch (thrown) {
      // Stack and data are for the log of the plugin, not for whoever pressed a button.
      const { code, name: errorName, message, retryable } = toErrorRecord(thrown)
      const shown = scrub(plugin, message).slice(0, longestResult)
      throw fromErrorRecord({ code, name: errorName, message: shown, retryable }, 'plugin')
    }
  }
}
