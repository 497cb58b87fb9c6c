import { type Dialect, type DomainDefinition, filterName, handlerName, serverDomain } from '@mortise/contract'
import { createGuest, type GuestTable } from './guest.ts'
import { streamspace } from './index.ts'

/** Resources of the backend that the guest shapes itself. */
const shaped = ['config', 'events']

const table: GuestTable = {
  version: streamspace.version,
  resources: methodNames(streamspace),
  powers: Object.fromEntries(
    Object.entries(methodNames(serverDomain)).filter(([resource]) => !shaped.includes(resource)),
  ),
  events: Object.fromEntries(
    Object.entries(streamspace.events).map(([type, { subject }]) => [
      type,
      { handler: handlerName(type), filter: filterName(type), subject },
    ]),
  ),
}

/** Lets plugins written for StreamSpace run as they are. */
export const streamspaceDialect: Dialect = {
  name: 'streamspace',
  guestSource: `(${createGuest.toString()})(${JSON.stringify(table)})`,
}

function methodNames({ resources }: DomainDefinition): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(resources).map(([resource, methods]) => [resource, Object.keys(methods)]),
  )
}
