import type { IncomingHttpHeaders } from 'node:http'
import { type InferInput, MortiseError, parse, s } from '@mortise/contract'
import type { Actor } from '../config.ts'

/** What of a request tells whose it is. */
export interface PersonRequest {
  /** Names in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>
  readonly cookies: Readonly<Record<string, string | undefined>>
}

/** Ids that the backend uses itself. */
const ownIds = new Set(['admin', 'mortise', 'operator', '*', 'admins'])
const isForeign = (id: string) => !ownIds.has(id) && !id.startsWith('plugin:')
const line = s.pipe(s.string(), s.minLength(1), s.maxLength(200), s.regex(/^[^\p{Cc}]+$/u))

const identitySchema = s.strictObject({
  /** Stays the same as long as the person is the same. */
  id: s.pipe(line, s.check(isForeign, 'is an id of Mortise itself')),
  name: line,
  /** Administrators may do everything, in the console too. */
  role: s.optional(s.picklist(['admin', 'member']), 'member'),
  /** Permissions of the domains that a member has. */
  permissions: s.optional(s.array(s.pipe(s.string(), s.maxLength(64))), []),
})

/** A person of the front end. */
export type Identity = InferInput<typeof identitySchema>

/** Says whose request it is; `undefined` for a stranger. */
export type IdentifyPerson = (request: PersonRequest) => Promise<Identity | undefined> | Identity | undefined

/** @throws `IDENTITY_INVALID` where the host answers something that is no person. */
export function toActor(identity: Identity): Actor {
  const parsed = parse(identitySchema, identity)
  if (!parsed.ok) {
    const { pointer, message } = parsed.issues[0]!
    throw new MortiseError(
      'IDENTITY_INVALID',
      `What identify() answered is no person: ${pointer} ${message}.`,
    )
  }
  const { id, name, role, permissions } = parsed.value
  return { id, name, role, ...(role === 'admin' ? {} : { permissions }) }
}
