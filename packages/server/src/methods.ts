import {
  type CallResult,
  type DomainDefinition,
  formatIssues,
  MortiseError,
  methodTable,
  parse,
  toErrorRecord,
} from '@mortise/contract'
import type { CallContext, ProviderTable } from './config.ts'
import { Tracing } from './tracing/tracing.ts'

/** Runs methods of the host's domains for people and plugins. */
export interface Methods {
  /**
   * Calls one method. A member needs its permission, and so does a plugin that acts for them.
   *
   * @param grants - What the plugin was granted; `undefined` for a person's own calls.
   * @throws `METHOD_UNKNOWN`, `PERMISSION_DENIED` with `data.permission`, `INPUT_INVALID`, or what the provider throws.
   */
  call(
    name: string,
    args: readonly unknown[],
    context: CallContext,
    grants: ReadonlySet<string> | undefined,
  ): Promise<unknown>
}

/** Told of each call of a plugin, once it is over. `result` is `ok` or an error code. */
export type DidCall = (plugin: string, result: string) => void

type Provider = (context: CallContext, ...args: readonly unknown[]) => unknown

/** Binds domain tables to their providers. A method without a provider is found here, at start. */
export function createMethods(
  domains: readonly DomainDefinition[],
  providers: ProviderTable,
  didCall: DidCall = () => {},
  tracing: Tracing = new Tracing(undefined),
): Methods {
  const table = methodTable(domains)
  const bound = new Map<string, Provider>()
  for (const name of table.keys()) {
    const [resource, method] = name.split('.') as [string, string]
    const provider = providers[resource]?.[method]
    if (!provider) throw new TypeError(`The configuration has no provider for ${name}`)
    bound.set(name, provider as Provider)
  }
  const methods: Methods = {
    async call(name, args, context, grants) {
      const definition = table.get(name)
      if (!definition) throw new MortiseError('METHOD_UNKNOWN', `There is no method '${name.slice(0, 128)}'.`)
      const { permission } = definition
      if (permission !== null) {
        if (grants && !grants.has(permission))
          throw denied(name, permission, `${context.plugin?.id ?? 'the plugin'} was not granted`)
        const { actor } = context
        if (actor.permissions && !actor.permissions.includes(permission))
          throw denied(name, permission, `${actor.name} does not have`)
      }
      const parsed = parse(definition.args, padArgs(args, definition.params.length))
      if (!parsed.ok) {
        throw new MortiseError('INPUT_INVALID', `${name}: ${formatIssues(parsed.issues)}`, {
          data: { issues: parsed.issues },
        })
      }
      return beforeDeadline(name, bound.get(name)!(context, ...parsed.value), context.signal)
    },
  }
  return {
    async call(name, args, context, grants) {
      const tell = (result: string) => context.plugin && didCall(context.plugin.id, result)
      try {
        const value = await tracing.run(
          `call ${table.has(name) ? name : 'unknown'}`,
          { attributes: context.plugin ? { 'mortise.plugin': context.plugin.id } : {} },
          () => methods.call(name, args, context, grants),
        )
        tell('ok')
        return value
      } catch (thrown) {
        tell(toErrorRecord(thrown).code)
        throw thrown
      }
    },
  }
}

function denied(method: string, permission: string, who: string): MortiseError {
  return new MortiseError(
    'PERMISSION_DENIED',
    `${method} needs the permission '${permission}', which ${who}.`,
    {
      name: 'PermissionDeniedError',
      data: { permission, method },
    },
  )
}

/** A call as a value: what failed is told, never thrown. */
export async function toCallResult(run: () => Promise<unknown>): Promise<CallResult> {
  try {
    return { ok: true, value: (await run()) ?? null }
  } catch (thrown) {
    return { ok: false, error: toErrorRecord(thrown) }
  }
}

/** Waits for a provider no longer than its signal says. */
function beforeDeadline(name: string, work: unknown, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new MortiseError('BRIDGE_TIMEOUT', `${name} was not answered in time.`))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
}

/** Trailing optional arguments may be left out; JSON has no `undefined`, so they arrive as nothing. */
function padArgs(args: readonly unknown[], length: number): readonly unknown[] {
  return args.length >= length ? args : [...args, ...new Array(length - args.length).fill(undefined)]
}
