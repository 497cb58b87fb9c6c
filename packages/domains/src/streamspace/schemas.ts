import { type Infer, s } from '@mortise/contract'

const name = s.pipe(s.string(), s.minLength(1), s.maxLength(200))
const resources = s.object({ memory: s.string(), cpu: s.string() })

export const sessionStates = ['running', 'hibernated', 'terminated'] as const

export const sessionSchema = s.object({
  id: name,
  name,
  user: name,
  template: name,
  state: s.picklist(sessionStates),
  resources,
  persistentHome: s.boolean(),
  idleTimeout: s.string(),
  createdAt: s.string(),
  updatedAt: s.string(),
  lastActivity: s.optional(s.string()),
})
/** A desktop or application session of a user. Times are ISO 8601, memory and CPU are quantities like `2Gi`, `500m`. */
export type Session = Infer<typeof sessionSchema>

export const userSchema = s.object({
  id: name,
  username: name,
  fullName: s.string(),
  email: s.string(),
  tier: s.picklist(['free', 'pro', 'enterprise']),
  createdAt: s.string(),
  updatedAt: s.string(),
})
/** A person who owns sessions. */
export type User = Infer<typeof userSchema>

export const templateSchema = s.object({
  name,
  displayName: name,
  description: s.string(),
  category: s.string(),
  baseImage: s.string(),
  defaultResources: resources,
  tags: s.array(s.string()),
  createdAt: s.string(),
  updatedAt: s.string(),
})
/** What a session is made from. */
export type Template = Infer<typeof templateSchema>

const page = {
  limit: s.optional(s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(1000)), 100),
  offset: s.optional(s.pipe(s.number(), s.integer(), s.minValue(0)), 0),
}

export const sessionFilterSchema = s.strictObject({
  user: s.optional(name),
  state: s.optional(s.picklist(sessionStates)),
  template: s.optional(name),
  ...page,
})
export const newSessionSchema = s.strictObject({
  user: name,
  template: name,
  name: s.optional(name),
  resources: s.optional(resources),
  persistentHome: s.optional(s.boolean(), true),
  idleTimeout: s.optional(s.pipe(s.string(), s.regex(/^\d+[smh]$/, 'must be a duration such as 30m')), '30m'),
})
export const userFilterSchema = s.strictObject({ tier: s.optional(userSchema.entries.tier), ...page })
export const templateFilterSchema = s.strictObject({ category: s.optional(s.string()), ...page })
export const idSchema = name
export const storageKeySchema = s.pipe(s.string(), s.minLength(1), s.maxLength(256))
