import { createContext, runInContext } from 'node:vm'
import { escapePointer, type Issue, MortiseError } from '@mortise/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import ajvFormats from 'ajv-formats'
import { redacted } from './redact.ts'

export type Config = Record<string, unknown>
/** Taking shorter ones out would make every line unreadable and protect nothing. */
const shortestSecret = 4
type JsonSchema = Readonly<Record<string, unknown>>

/** What a configuration came to: defaults filled in, and all that is wrong with it. */
export interface CheckedConfig {
  readonly config: Config
  readonly issues: readonly Issue[]
}

const secretName = /secret|passw(or)?d|passphrase|token|api_?key|private_?key|access_?key|credential/i

/** Checks values against a plugin's `configSchema`. Without a schema everything fits. */
export function checkConfig(schema: JsonSchema | undefined, values: Config): CheckedConfig {
  const config = structuredClone(values)
  if (!schema || Object.keys(schema).length === 0) return { config, issues: [] }
  try {
    return { config, issues: findErrors(schema, config).map(toIssue) }
  } catch (thrown) {
    const message = `cannot be used: ${(thrown as Error).message}. Correct the plugin.`
    return { config, issues: [{ file: 'manifest.json', pointer: '/configSchema', message }] }
  }
}

/** Wall time of one check. Far more than any honest schema needs on a busy machine. */
const checkMs = 1000
/** How long a schema that took longer is not tried again. */
const restMs = 60_000
const resting = new WeakMap<JsonSchema, number>()
const clock = createContext(
  { work: undefined as unknown },
  { codeGeneration: { strings: false, wasm: false } },
)
// The first compilation of a process is slow, and must not count against anybody's schema.
compile({ type: 'object', properties: { a: { type: 'string', format: 'uri' } }, required: ['a'] })({})

/**
 * Runs what a plugin's schema steers, and stops it when it takes too long. One
 * regular expression of a hostile schema could otherwise hold up the server for good.
 */
function findErrors(schema: JsonSchema, config: Config): readonly ErrorObject[] {
  if ((resting.get(schema) ?? 0) > performance.now()) throw new Error('it takes too long to check')
  clock.work = () => {
    const validate = compile(normalizeSchema(schema) as JsonSchema)
    return validate(config) ? [] : (validate.errors ?? []).slice(0, 100)
  }
  try {
    return runInContext('work()', clock, { timeout: checkMs })
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    resting.set(schema, performance.now() + restMs)
    throw new Error('it takes too long to check')
  } finally {
    clock.work = undefined
  }
}

function compile(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    useDefaults: true,
    logger: false,
    validateSchema: false,
  })
  // The package is CommonJS: its types and its module object disagree about `default`.
  ajvFormats.default(ajv)
  return ajv.compile(schema)
}

/** Turns `type: 'enum'`, which is not JSON Schema, into what was meant. */
function normalizeSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(normalizeSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy: Config = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'type' && value === 'enum') continue
    // Some manifests mark each property; the list on the object is what counts.
    if (key === 'required' && typeof value === 'boolean') continue
    copy[key] = key === 'enum' || key === 'default' || key === 'const' ? value : normalizeSchema(value)
  }
  return copy
}

function toIssue(error: ErrorObject): Issue {
  const missing = error.keyword === 'required' ? String(error.params.missingProperty) : undefined
  if (missing !== undefined) {
    return { pointer: `${error.instancePath}/${missing}`, message: 'is required but missing. Set it.' }
  }
  return { pointer: error.instancePath, message: `${error.message ?? 'does not fit the schema'}.` }
}

/** The configuration with secret values covered. */
export function coverSecrets(schema: JsonSchema | undefined, config: Config): Config {
  return mapValues(schema, config, (value, secret) => (secret && value !== '' ? redacted : value)) as Config
}

/** Puts back the values that came back covered, as they were shown. */
export function uncoverSecrets(config: Config, before: Config): Config {
  const restore = (value: unknown, old: unknown): unknown => {
    if (value === redacted) return typeof old === 'string' ? old : value
    if (Array.isArray(value))
      return value.map((item, index) => restore(item, Array.isArray(old) ? old[index] : undefined))
    if (!isRecord(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, restore(item, isRecord(old) ? old[key] : undefined)]),
    )
  }
  return restore(config, before) as Config
}

/** Takes secret values out of a configuration; an empty place stays. Answers them by JSON pointer. */
export function splitSecrets(
  schema: JsonSchema | undefined,
  config: Config,
): { readonly open: Config; readonly secrets: readonly (readonly [pointer: string, value: unknown])[] } {
  const secrets: (readonly [string, unknown])[] = []
  const open = mapValues(schema, config, (value, secret, pointer) => {
    if (!secret || value === '' || value === null) return value
    secrets.push([pointer, value])
    return null
  })
  return { open: open as Config, secrets }
}

/** Puts secret values back where they were taken out. */
export function joinSecrets(open: Config, secrets: readonly (readonly [string, unknown])[]): Config {
  const values = new Map(secrets)
  return mapValues(undefined, open, (value, _secret, pointer) =>
    values.has(pointer) ? values.get(pointer) : value,
  ) as Config
}

/** Texts that must not reach a log: secrets, and addresses, whose path often is one. */
export function listSecrets(
  schema: JsonSchema | undefined,
  config: Config,
  own: readonly string[] = [],
): string[] {
  const found: string[] = own.filter((text) => text.length >= shortestSecret)
  mapValues(schema, config, (value, secret) => {
    const text = String(value)
    const path = readUrl(text)
    if (path && path.pathname.length > 8) found.push(`${path.pathname}${path.search}`)
    if (secret && text.length >= shortestSecret) found.push(text)
    return value
  })
  // Long ones first: a short secret inside a long one must not leave the rest readable.
  return found.sort((a, b) => b.length - a.length)
}

/** Hosts of every http and https address in the configuration, with the port where it is not the scheme's own. */
export function listHosts(config: Config): string[] {
  const hosts = new Set<string>()
  mapValues(undefined, config, (value) => {
    const url = typeof value === 'string' ? readUrl(value) : undefined
    if (url) hosts.add(url.host)
    return value
  })
  return [...hosts].sort()
}

/** @throws `PLUGIN_CONFIG_INVALID` with every issue. */
export function requireValid({ config, issues }: CheckedConfig): Config {
  if (issues.length === 0) return config
  const list = issues.map(({ pointer, message }) => `${pointer || 'it'} ${message}`).join(' ')
  throw new MortiseError('PLUGIN_CONFIG_INVALID', `The configuration was refused: ${list}`, {
    data: { issues },
  })
}

function readUrl(text: string): URL | undefined {
  if (!/^\s*https?:/i.test(text) || !URL.canParse(text)) return undefined
  return new URL(text)
}

type Visit = (leaf: unknown, secret: boolean, pointer: string) => unknown

function mapValues(schema: unknown, value: unknown, visit: Visit, secret = false, pointer = ''): unknown {
  const isSecret = secret || (isRecord(schema) && (schema.format === 'password' || schema.writeOnly === true))
  if (Array.isArray(value)) {
    const items = isRecord(schema) ? schema.items : undefined
    return value.map((item, index) => mapValues(items, item, visit, isSecret, `${pointer}/${index}`))
  }
  if (!isRecord(value)) return visit(value, isSecret, pointer)
  const properties = isRecord(schema) && isRecord(schema.properties) ? schema.properties : {}
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const own = Object.hasOwn(properties, key) ? properties[key] : undefined
      const at = `${pointer}/${escapePointer(key)}`
      return [key, mapValues(own, item, visit, isSecret || secretName.test(key), at)]
    }),
  )
}

function isRecord(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
