// Writes what is generated from the tables in the code: docs/reference, the list in
// the README of the components, and the component table for realms. So no page can
// say what the code does not. `--check` fails where a page is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type ComponentDefinition,
  type ComponentName,
  componentSummaries,
  type DomainDefinition,
  errorCodes,
  errorMeanings,
  frameworkDomain,
  frameworkSummaries,
  iconNames,
  manifestSchema,
  nodeErrorMeanings,
  type Schema,
  serverDomain,
  themeIconNames,
  uiComponents,
} from '@mortise/contract'
import { streamspace } from '@mortise/domains/streamspace'
import { metricTable } from '@mortise/server/metrics'
import { toJsonSchema } from '@valibot/to-json-schema'
import { root } from './build.ts'

const header = '<!-- Generated from the code by `npm run docs:reference`. Do not edit. -->\n\n'

const pages: Record<string, string> = {
  'errors.md': errorsPage(),
  'metrics.md': metricsPage(),
  'domain-streamspace.md': domainPage(streamspace, 'The reference workspace: sessions, users and templates.'),
  'domain-mortise.md': domainPage(
    frameworkDomain,
    'What every guest may call, whatever the host is. Plugin authors meet these through the SDK.',
    frameworkSummaries,
  ),
  'domain-mortise-server.md': domainPage(
    serverDomain,
    'What the backend lends to the server code of plugins, whatever the host is. Pages cannot call it.',
  ),
  'components.md': componentsPage(),
  'theme-icons.md': themeIconsPage(),
  'manifest.schema.json': `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Mortise plugin manifest', ...jsonSchema(manifestSchema) }, null, 2)}\n`,
}

const shapes = 'packages/contract/src/component-shapes.generated.json'
const readme = 'packages/react/README.md'
const files: Record<string, string> = {
  ...Object.fromEntries(Object.entries(pages).map(([name, text]) => [`docs/reference/${name}`, text])),
  [shapes]: `${JSON.stringify(componentShapes(), null, 2)}\n`,
  [readme]: withComponents(readFileSync(join(root, readme), 'utf8')),
}

const stale: string[] = []
for (const [name, text] of Object.entries(files)) {
  const file = join(root, name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  if (process.argv.includes('--check')) stale.push(name)
  else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run \`npm run docs:reference\` and commit the result.`)
  process.exit(1)
}

/** The component table without its schemas, for realms. */
function componentShapes() {
  return Object.fromEntries(
    Object.entries<ComponentDefinition>(uiComponents).map(([name, { element, props, events }]) => [
      name,
      {
        element,
        props: Object.fromEntries(Object.entries(props).map(([prop, schema]) => [prop, kindOf(schema)])),
        events: Object.keys(events),
      },
    ]),
  )
}

function kindOf(schema: Schema): string {
  const {
    type,
    items,
    enum: words,
  } = jsonSchema(schema) as { type?: string; items?: unknown; enum?: unknown[] }
  if (words?.every((word) => typeof word === 'number')) return 'number'
  if (type === 'integer') return 'number'
  if (items !== undefined) return 'array'
  return type === 'number' || type === 'boolean' ? type : 'string'
}

/** Puts the names of all components between the marks of a page. */
function withComponents(page: string): string {
  const [start, end] = ['<!-- components -->', '<!-- /components -->']
  const names = Object.keys(uiComponents).map((name) => `\`${name}\``)
  const list = `${start}\n${names.length} components: ${names.join(', ')}.\n${end}`
  return page.slice(0, page.indexOf(start)) + list + page.slice(page.indexOf(end) + end.length)
}

function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, { status, retryable }]) => [
    `\`${code}\``,
    String(status),
    retryable ? 'yes' : 'no',
    errorMeanings[code as keyof typeof errorMeanings],
  ])
  const inSandbox = Object.entries(nodeErrorMeanings).map(([code, meaning]) => [`\`${code}\``, meaning])
  return `${header}# Error codes\n\nEvery error that crosses a boundary carries one of these codes. Compare \`code\`, never the class or the message. Codes are never reused or renamed.\n\n${table(['Code', 'HTTP', 'Retry helps', 'What happened'], rows)}\n## Inside the sandbox\n\nServer code meets these where it would meet them in Node. Nobody else sees them but as the \`data.code\` of a \`PLUGIN_THREW\` or \`PLUGIN_LOAD_FAILED\`.\n\n${table(['Code', 'What happened'], inSandbox)}`
}

function metricsPage(): string {
  const rows = Object.entries(metricTable).map(([name, { type, labels, help }]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ])
  return `${header}# Metrics\n\n\`GET /metrics\` answers these in the Prometheus text form, beside the usual \`process_*\` and \`nodejs_*\` ones (event-loop lag is \`nodejs_eventloop_lag_p99_seconds\`). Labels are names of installed plugins, webhooks and routes, and words of closed lists; a plugin that is uninstalled takes its series along.\n\n${table(['Metric', 'Type', 'Labels', 'What it says'], rows)}\n## Percentiles\n\nPrometheus works them out from the buckets. The p99 of each plugin over five minutes:\n\n\`\`\`promql\nhistogram_quantile(0.99, sum by (plugin, le) (rate(mortise_plugin_call_seconds_bucket[5m])))\n\`\`\`\n`
}

/** @param summaries - By method, where the table of the domain leaves its words out. */
function domainPage(
  domain: DomainDefinition,
  intro: string,
  summaries: Readonly<Record<string, string>> = {},
): string {
  const parts = [`${header}# Domain \`${domain.name}\` ${domain.version}\n\n${intro}\n`]
  const permissions = Object.entries(domain.permissions)
  if (permissions.length > 0) {
    parts.push(
      '## Permissions\n',
      table(
        ['Permission', 'Risk', 'What a person reads'],
        permissions.map(([name, { risk, sentence, dangerous }]) => [
          `\`${name}\``,
          dangerous ? `${risk}, dangerous` : risk,
          sentence,
        ]),
      ),
    )
  }
  parts.push('## Methods\n')
  for (const [resource, methods] of Object.entries(domain.resources)) {
    for (const [method, { summary: own, permission, effect, params, args, output }] of Object.entries(
      methods,
    )) {
      const summary = own || summaries[`${resource}.${method}`]
      if (!summary) throw new Error(`Nothing says what ${resource}.${method} does.`)
      const types = tupleTypes(args)
      const signature = params.map((name, index) => `${name}: ${types[index] ?? 'unknown'}`).join(', ')
      parts.push(
        `### \`${resource}.${method}\`\n\n${summary}\n\n\`\`\`ts\n${resource}.${method}(${signature}): Promise<${typeName(jsonSchema(output))}>\n\`\`\`\n\nPermission: ${permission ? `\`${permission}\`` : 'none'}. ${effect === 'write' ? 'Changes something.' : 'Only reads.'}\n`,
      )
    }
  }
  if (Object.keys(domain.events).length > 0) {
    parts.push(
      '## Lifecycle events\n',
      table(
        ['Type', 'Version', 'Permission', '`data`', 'Meaning'],
        Object.entries(domain.events).map(([type, event]) => [
          `\`${type}\``,
          String(event.version),
          event.permission ? `\`${event.permission}\`` : 'none',
          `\`{ ${Object.keys((jsonSchema(event.data).properties as object) ?? {}).join(', ')} }\``,
          event.summary,
        ]),
      ),
    )
  }
  if (Object.keys(domain.slots).length > 0) {
    parts.push(
      '## Slots\n',
      table(
        ['Slot', 'Widgets', 'Height', 'Context', 'Where'],
        Object.entries(domain.slots).map(([id, slot]) => [
          `\`${id}\``,
          slot.cardinality,
          `${slot.height.min}–${slot.height.max} px`,
          `\`${typeName(jsonSchema(slot.context))}\``,
          slot.summary,
        ]),
      ),
    )
  }
  return `${parts.join('\n').trimEnd()}\n`
}

function themeIconsPage(): string {
  return `${header}# Icons of themes\n\nWhat a theme can draw anew, by the names of Lucide. Icons that warn or speak of safety look the same in every theme.\n\n${themeIconNames.map((name) => `\`${name}\``).join(', ')}\n`
}

function componentsPage(): string {
  const parts = [
    `${header}# Components\n\nWhat a worker widget may draw. The host renders them with its own accessible components, in the active theme. A property that does not fit its type is dropped and the component keeps its default.\n`,
  ]
  for (const [name, component] of Object.entries(uiComponents) as [ComponentName, ComponentDefinition][]) {
    const rows = [
      ...Object.entries(component.props).map(([prop, schema]) => [
        `\`${prop}\``,
        `\`${typeName(jsonSchema(schema))}\``,
      ]),
      ...Object.entries(component.events).map(([event, schema]) => [
        `\`on${event[0]!.toUpperCase()}${event.slice(1)}\``,
        `\`(${tupleTypes(schema).join(', ')}) => void\``,
      ]),
    ]
    parts.push(
      `## ${name}\n\n${componentSummaries[name]} Element \`<${component.element}>\`${component.children ? ', takes children' : ''}.\n`,
      rows.length > 0 ? table(['Property', 'Type'], rows) : 'No properties.\n',
    )
  }
  parts.push(`## IconName\n\n${iconNames.map((name) => `\`${name}\``).join(', ')}\n`)
  return `${parts.join('\n').trimEnd()}\n`
}

interface JsonSchema {
  readonly type?: string
  readonly title?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema | readonly JsonSchema[]
  readonly prefixItems?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

function jsonSchema(schema: Schema): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    errorMode: 'ignore',
    typeMode: 'input',
    target: 'draft-2020-12',
  })
  return rest as JsonSchema
}

function tupleTypes(schema: Schema): string[] {
  const { prefixItems, items } = jsonSchema(schema)
  return (prefixItems ?? (Array.isArray(items) ? (items as JsonSchema[]) : [])).map(typeName)
}

function typeName(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum?.join() === iconNames.join()) return 'IconName'
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map(typeName).join(' | ')
  if (schema.type === 'array')
    return `${Array.isArray(schema.items) ? 'unknown' : typeName((schema.items as JsonSchema) ?? {})}[]`
  if (schema.type === 'object' && schema.properties) {
    const fields = Object.entries(schema.properties).map(
      ([key, value]) => `${key}${schema.required?.includes(key) ? '' : '?'}: ${typeName(value)}`,
    )
    return fields.length > 0 ? `{ ${fields.join('; ')} }` : '{}'
  }
  if (schema.type === 'object') return 'Record<string, unknown>'
  return schema.type === 'integer' ? 'number' : (schema.type ?? 'unknown')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
