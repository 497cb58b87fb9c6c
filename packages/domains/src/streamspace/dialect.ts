import { type Dialect, filterName, handlerName } from '@mortise/contract'
import { createGuest, type GuestTable } from './guest.ts'
import { streamspace } from './index.ts'

const table: GuestTable = {
  version: streamspace.version,
  resources: Object.fromEntries(
    Object.entries(streamspace.resources).map(([resource, methods]) => [resource, Object.keys(methods)]),
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
