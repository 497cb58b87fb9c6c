import {
  type GuestDeclaration,
  type GuestFilter,
  type GuestRing,
  type GuestRoute,
  parse,
  type Schema,
  s,
} from '@mortise/contract'

const name = s.pipe(s.string(), s.minLength(1), s.maxLength(200))
const priority = s.pipe(s.number(), s.finite())
const filter = s.object({ type: name, priority })
const ring = s.object({
  ring: name,
  priority,
  timeoutMs: s.optional(s.pipe(s.number(), s.finite(), s.minValue(1))),
  failPolicy: s.optional(s.picklist(['open', 'closed'])),
})
const route = s.object({
  method: s.pipe(s.string(), s.regex(/^(\*|[A-Z]{1,20})$/)),
  path: s.pipe(s.string(), s.maxLength(200), s.regex(/^\//)),
})
const declaration = s.object({
  name: s.optional(s.pipe(s.string(), s.maxLength(200))),
  version: s.optional(s.pipe(s.string(), s.maxLength(200))),
  permissions: s.optional(s.pipe(s.array(name), s.maxLength(200))),
})
const mostEntries = 200

/** The filters that a guest says it has; what is no filter is left out. */
export function readGuestFilters(value: unknown): readonly GuestFilter[] {
  return readList(filter, value) as readonly GuestFilter[]
}

/** The rings that a guest says it takes part in; what is no ring is left out. */
export function readGuestRings(value: unknown): readonly GuestRing[] {
  return readList(ring, value) as readonly GuestRing[]
}

/** Where a guest says it answers web requests; what is no route is left out. */
export function readGuestRoutes(value: unknown): readonly GuestRoute[] {
  return readList(route, value) as readonly GuestRoute[]
}

/** What a guest says about itself; something unreadable is a name that fits nothing. */
export function readGuestDeclaration(value: unknown): GuestDeclaration {
  const parsed = parse(declaration, value ?? {})
  return parsed.ok ? (parsed.value as GuestDeclaration) : { name: '' }
}

function readList(schema: Schema, value: unknown): unknown[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, mostEntries).flatMap((one) => {
    const parsed = parse(schema, one)
    return parsed.ok ? [parsed.value] : []
  })
}
