import { type GuestFilter, type GuestRing, parse, type Schema, s } from '@mortise/contract'

const name = s.pipe(s.string(), s.minLength(1), s.maxLength(200))
const priority = s.pipe(s.number(), s.finite())
const filter = s.object({ type: name, priority })
const ring = s.object({
  ring: name,
  priority,
  timeoutMs: s.optional(s.pipe(s.number(), s.finite(), s.minValue(1))),
  failPolicy: s.optional(s.picklist(['open', 'closed'])),
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

function readList(schema: Schema, value: unknown): unknown[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, mostEntries).flatMap((one) => {
    const parsed = parse(schema, one)
    return parsed.ok ? [parsed.value] : []
  })
}
