import type { FailPolicy } from './dialect.ts'
import type { LifecycleEvent } from './event.ts'
import { matchesEventType } from './match-event-type.ts'
import type { PermissionDefinition } from './permission.ts'
import type { Result } from './result.ts'
import { type Infer, type InferInput, parse, type Schema } from './schema.ts'

/** One method of a domain's resource. What is not in the table does not exist. */
export interface MethodDefinition {
  /** One sentence for the reference and the audit log. */
  readonly summary: string
  /** Permission a plugin needs, `null` where every plugin may call. */
  readonly permission: string | null
  /** Whether the call changes something a person would notice. */
  readonly effect: 'read' | 'write'
  /** Names of the arguments, in order, for docs and messages. */
  readonly params: readonly string[]
  /** Tuple schema of the arguments. Trailing optional ones may be left out by callers. */
  readonly args: Schema<readonly unknown[]>
  readonly output: Schema
}

/** One event type of a domain. */
export interface EventDefinition {
  readonly summary: string
  /** Permission a plugin needs to receive the event, `null` where every plugin may. */
  readonly permission: string | null
  readonly version: number
  /** Schema of the event's `data`. */
  readonly data: Schema
  /** The property of `data` that a plugin's `onX(arg)` receives as its bare argument. */
  readonly subject?: string
  /** What a filter that fails does to the event. Default `open`: the event goes on unchanged. */
  readonly filterPolicy?: FailPolicy
}

/** Event types that plugins of a domain make up themselves. */
export interface CustomEventDefinition {
  readonly summary: string
  /** Permission a plugin needs, beside `emit:events`, to send and to receive them; `null` for none. */
  readonly permission: string | null
}

/** A place in the host's own request path where plugins decide one after the other. */
export interface RingDefinition {
  readonly summary: string
  /** Permission a plugin needs to take part, `null` where every plugin may. */
  readonly permission: string | null
  /** Schema of the body that is handed down the ring. */
  readonly payload: Schema
  /** Milliseconds each plugin may take, unless it asks for less. */
  readonly timeoutMs: number
  /** What a plugin that fails does to the request, unless the plugin says otherwise. */
  readonly failPolicy: FailPolicy
  /** Place among the rings, for people. Lowest first. */
  readonly order: number
}

/** Permissions around events that are the same in every domain. Spread them into `permissions` to offer them. */
export const eventPermissions = {
  'filter:events': {
    risk: 'high',
    sentence: 'Change events, or stop them, before anybody else sees them',
  },
  'emit:events': {
    risk: 'medium',
    sentence: 'Send events of its own to other plugins, and receive theirs',
  },
} as const satisfies Readonly<Record<string, PermissionDefinition>>

/** A named place in a shell. */
export interface SlotDefinition {
  readonly summary: string
  /** Schema of what the shell tells each widget in the slot. */
  readonly context: Schema
  /** `one` shows the first widget only. */
  readonly cardinality: 'one' | 'many'
  /** CSS pixels a widget may be tall. */
  readonly height: { readonly min: number; readonly max: number }
}

/** A host's vocabulary: the source of guards, prompts, types, docs, fakes and tests. */
export interface DomainDefinition {
  readonly name: string
  readonly version: string
  readonly permissions: Readonly<Record<string, PermissionDefinition>>
  readonly resources: Readonly<Record<string, Readonly<Record<string, MethodDefinition>>>>
  readonly events: Readonly<Record<string, EventDefinition>>
  /**
   * By wildcard, such as `backup.*`: types that plugins may emit under their own
   * name. All others they emit become `plugin.<name>.<type>`.
   */
  readonly customEvents?: Readonly<Record<string, CustomEventDefinition>>
  readonly slots: Readonly<Record<string, SlotDefinition>>
  readonly rings?: Readonly<Record<string, RingDefinition>>
}

/** A method with the name it has on the wire: `sessions.list`. */
export interface NamedMethod extends MethodDefinition {
  readonly name: string
}

const pluginType = /^plugin\.([a-z][a-z0-9-]*)\.[a-z0-9_-]/
const customPattern = /^(?!plugin\.)[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*\.\*$/
const namePattern = /^[a-z][A-Za-z0-9]*$/

/** Checks a domain against itself and returns it with its literal types kept. */
export function defineDomain<const D extends DomainDefinition>(domain: D): D {
  const problems: string[] = []
  const known = (permission: string | null, where: string) => {
    if (permission !== null && !Object.hasOwn(domain.permissions, permission)) {
      problems.push(`${where} needs permission '${permission}', which the domain does not define`)
    }
  }
  for (const [resource, methods] of Object.entries(domain.resources)) {
    if (!namePattern.test(resource)) problems.push(`resource '${resource}' is not a lower camel case name`)
    for (const [method, definition] of Object.entries(methods)) {
      if (!namePattern.test(method)) problems.push(`method '${method}' is not a lower camel case name`)
      known(definition.permission, `${resource}.${method}`)
    }
  }
  for (const [type, definition] of Object.entries(domain.events))
    known(definition.permission, `event ${type}`)
  for (const [pattern, definition] of Object.entries(domain.customEvents ?? {})) {
    if (!customPattern.test(pattern))
      problems.push(`custom events '${pattern}' are not a wildcard such as backup.*`)
    known(definition.permission, `custom events ${pattern}`)
  }
  for (const [ring, definition] of Object.entries(domain.rings ?? {})) {
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(ring)) problems.push(`ring '${ring}' is not a lower snake case name`)
    known(definition.permission, `ring ${ring}`)
  }
  // A domain is code of the host: a contradiction in it is a programming error, found at start.
  if (problems.length > 0) throw new TypeError(`Domain ${domain.name}: ${problems.join('; ')}`)
  return domain
}

/** Every method of some domains by wire name. Built once: lookups on the hot path walk no object. */
export function methodTable(domains: readonly DomainDefinition[]): ReadonlyMap<string, NamedMethod> {
  const table = new Map<string, NamedMethod>()
  for (const domain of domains) {
    for (const [resource, methods] of Object.entries(domain.resources)) {
      for (const [method, definition] of Object.entries(methods)) {
        const name = `${resource}.${method}`
        if (table.has(name)) throw new TypeError(`Two domains define the method ${name}`)
        table.set(name, { name, ...definition })
      }
    }
  }
  return table
}

/** The event definition for a type, from the first domain that has it. */
export function findEvent(
  domains: readonly DomainDefinition[],
  eventType: string,
): EventDefinition | undefined {
  for (const domain of domains) if (Object.hasOwn(domain.events, eventType)) return domain.events[eventType]
  return undefined
}

/** The definition of a type that plugins make up, `undefined` for all others. What a domain defines itself is none. */
export function findCustomEvent(
  domains: readonly DomainDefinition[],
  eventType: string,
): CustomEventDefinition | undefined {
  if (findEvent(domains, eventType)) return undefined
  for (const { customEvents = {} } of domains) {
    for (const [pattern, definition] of Object.entries(customEvents))
      if (matchesEventType(pattern, eventType)) return definition
  }
  return undefined
}

/** The plugin that alone may send a type: `plugin.<name>.<type>` is the plugin's own. */
export function ownerOfEvent(eventType: string): string | undefined {
  return pluginType.exec(eventType)?.[1]
}

/**
 * Checks the payload of an event against the registry.
 *
 * @returns `data` as the schema of its type leaves it, as it is where no domain defines
 * the type; issues point into the event, at `/data`.
 */
export function parseEventData(
  domains: readonly DomainDefinition[],
  { event_type, data }: Pick<LifecycleEvent, 'event_type' | 'data'>,
): Result<unknown> {
  const definition = findEvent(domains, event_type)
  if (!definition) return { ok: true, value: data }
  const parsed = parse(definition.data, data)
  if (parsed.ok) return parsed
  return {
    ok: false,
    issues: parsed.issues.map((issue) => ({ ...issue, pointer: `/data${issue.pointer}` })),
  }
}

/**
 * Whether a plugin with these grants may see an event. A type that no domain
 * defines is seen by nobody but the host itself: silence is the safe default.
 * What plugins emit, `plugin.<name>.<type>` and custom events, is seen by those who may emit too.
 */
export function maySeeEvent(
  domains: readonly DomainDefinition[],
  event: Pick<LifecycleEvent, 'event_type'>,
  grants: ReadonlySet<string>,
): boolean {
  const definition = findEvent(domains, event.event_type)
  if (!definition) {
    if (!grants.has('emit:events')) return false
    if (ownerOfEvent(event.event_type) !== undefined) return true
    const custom = findCustomEvent(domains, event.event_type)
    return custom !== undefined && (custom.permission === null || grants.has(custom.permission))
  }
  return definition.permission === null || grants.has(definition.permission)
}

type OptionalTail<Args extends readonly unknown[]> = Args extends readonly [...infer Head, infer Last]
  ? undefined extends Last
    ? [...OptionalTail<Head>, Last?]
    : [...Head, Last]
  : []

type MethodFunction<M extends MethodDefinition> = (
  ...args: OptionalTail<Extract<InferInput<M['args']>, readonly unknown[]>>
) => Promise<Infer<M['output']>>

/** What a plugin sees of a domain: `api.sessions.list({ state: 'running' })`. */
export type Api<D extends DomainDefinition> = {
  readonly [R in keyof D['resources']]: {
    readonly [M in keyof D['resources'][R]]: D['resources'][R][M] extends MethodDefinition
      ? MethodFunction<D['resources'][R][M]>
      : never
  }
}

/** What a host implements for a domain. `context` says who asks. */
export type Providers<D extends DomainDefinition, Context> = {
  readonly [R in keyof D['resources']]: {
    readonly [M in keyof D['resources'][R]]: D['resources'][R][M] extends MethodDefinition
      ? (
          context: Context,
          ...args: Extract<Infer<D['resources'][R][M]['args']>, readonly unknown[]>
        ) => Promise<Infer<D['resources'][R][M]['output']>> | Infer<D['resources'][R][M]['output']>
      : never
  }
}
