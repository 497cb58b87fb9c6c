import {
  type CommandArgument,
  MortiseError,
  type NotificationAction,
  type NotificationMessage,
  type NotificationRecord,
  notificationType,
  parseCommandArgs,
  unwrap,
} from '@mortise/contract'
import { RateLimit } from '../rate-limit.ts'
import type { Transact } from '../transact.ts'
import { callingPlugin } from './calling-plugin.ts'
import type { Power } from './power.ts'

/** Notifications one plugin may send at once, and per second. */
const burst = 10
const perSecond = 1 / 6

export interface NotificationsOptions {
  readonly transact: Transact
  readonly now: () => Date
  displayName(plugin: string): string
  /** What a command that the manifest declares asks for, `undefined` for others. */
  commandOf(plugin: string, name: string): { readonly args: readonly CommandArgument[] } | undefined
  /** Text without the plugin's secrets. */
  scrub(plugin: string, text: string): string
}

/** Short messages of plugins to people, carried by the feed. */
export class Notifications implements Power {
  readonly #options: NotificationsOptions
  readonly #limit: RateLimit

  constructor(options: NotificationsOptions) {
    this.#options = options
    this.#limit = new RateLimit({ perSecond, burst, now: () => options.now().getTime() })
  }

  readonly providers = {
    notifications: {
      send: (context, to: string, message: NotificationMessage) =>
        this.#send(callingPlugin(context), to, message),
    },
  } satisfies Power['providers']

  forget(plugin: string): void {
    this.#limit.forget(plugin)
  }

  async #send(
    plugin: string,
    to: string,
    { title, message, type, actions }: NotificationMessage,
  ): Promise<void> {
    const { transact, displayName, scrub } = this.#options
    const record: NotificationRecord = {
      plugin,
      from: toPlainText(displayName(plugin)),
      to,
      title: toPlainText(scrub(plugin, title)),
      message: toPlainText(scrub(plugin, message)),
      type,
      actions: actions.map((action) => this.#cleanAction(plugin, action)),
    }
    this.#limit.take(plugin)
    await transact(async (_transaction, emit) =>
      emit({
        event_type: notificationType,
        username: plugin,
        target_type: 'plugin',
        target_id: plugin,
        data: record,
      }),
    )
  }

  /** @throws `INPUT_INVALID` for a command that the plugin does not declare or that would not take its arguments. */
  #cleanAction(plugin: string, action: NotificationAction): NotificationAction {
    const { commandOf, scrub } = this.#options
    const label = toPlainText(scrub(plugin, action.label))
    if (label === '') throw new MortiseError('INPUT_INVALID', 'The label of an action must hold text.')
    if (!('command' in action)) return { label, path: action.path }
    const { command, args } = action
    const declared = commandOf(plugin, command)
    if (!declared) {
      throw new MortiseError('INPUT_INVALID', `${plugin} declares no command '${command}' for the action.`)
    }
    if (args === undefined) return { label, command }
    const values = unwrap(
      parseCommandArgs(declared.args, args),
      'INPUT_INVALID',
      `The arguments of ${command}`,
    )
    const scrubbed = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? scrub(plugin, value) : value,
    ])
    return { label, command, args: Object.fromEntries(scrubbed) }
  }
}

/** One line without control characters, and without those that turn the reading direction. */
function toPlainText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
}
