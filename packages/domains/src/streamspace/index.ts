import { type Api, defineDomain, eventPermissions, s } from '@mortise/contract'
import {
  idSchema,
  newSessionSchema,
  sessionFilterSchema,
  sessionSchema,
  storageKeySchema,
  templateFilterSchema,
  templateSchema,
  userFilterSchema,
  userSchema,
} from './schemas.ts'

const sessionEvent = (summary: string) => ({
  summary,
  permission: 'read:sessions',
  version: 1,
  data: s.object({ session: sessionSchema }),
  subject: 'session',
})
const userEvent = (summary: string) => ({
  summary,
  permission: 'read:users',
  version: 1,
  data: s.object({ user: userSchema }),
  subject: 'user',
})
const sessionAction = (summary: string) => ({
  summary,
  permission: 'write:sessions',
  effect: 'write' as const,
  params: ['id'],
  args: s.tuple([idSchema]),
  output: sessionSchema,
})

/** Sessions, users and templates of a workspace platform, in the words of StreamSpace. */
export const streamspace = defineDomain({
  name: 'streamspace',
  version: '1.0.0',
  permissions: {
    'read:sessions': { risk: 'low', sentence: 'Read session data and status' },
    'write:sessions': { risk: 'high', sentence: 'Create, modify, or delete sessions' },
    'read:users': { risk: 'medium', sentence: 'View user information' },
    'write:users': { risk: 'high', sentence: 'Modify user accounts and settings' },
    'read:templates': { risk: 'low', sentence: 'Access template catalog' },
    'write:templates': { risk: 'medium', sentence: 'Create or modify templates' },
    admin: { risk: 'high', sentence: 'Full administrative access', dangerous: true },
    network: { risk: 'medium', sentence: 'Make external network requests', dangerous: true },
    filesystem: { risk: 'high', sentence: 'Access local filesystem' },
    execute: { risk: 'high', sentence: 'Execute external commands' },
    database: { risk: 'high', sentence: 'Direct database access' },
    api: { risk: 'low', sentence: 'Access StreamSpace API' },
    webhooks: { risk: 'medium', sentence: 'Create and manage webhooks' },
    notifications: { risk: 'low', sentence: 'Send user notifications' },
    ...eventPermissions,
  },
  resources: {
    sessions: {
      list: {
        summary: 'Lists sessions, newest first.',
        permission: 'read:sessions',
        effect: 'read',
        params: ['filter'],
        args: s.tuple([s.optional(sessionFilterSchema, {})]),
        output: s.array(sessionSchema),
      },
      get: {
        summary: 'Reads one session. Fails with SessionNotFoundError.',
        permission: 'read:sessions',
        effect: 'read',
        params: ['id'],
        args: s.tuple([idSchema]),
        output: sessionSchema,
      },
      create: {
        summary: 'Starts a session of a template for a user.',
        permission: 'write:sessions',
        effect: 'write',
        params: ['session'],
        args: s.tuple([newSessionSchema]),
        output: sessionSchema,
      },
      hibernate: sessionAction('Puts a running session to sleep. Fails with InvalidStateTransitionError.'),
      wake: sessionAction('Wakes a hibernated session. Fails with InvalidStateTransitionError.'),
      terminate: sessionAction('Ends a session for good. Fails with InvalidStateTransitionError.'),
    },
    users: {
      list: {
        summary: 'Lists users by name.',
        permission: 'read:users',
        effect: 'read',
        params: ['filter'],
        args: s.tuple([s.optional(userFilterSchema, {})]),
        output: s.array(userSchema),
      },
      get: {
        summary: 'Reads one user by name. Fails with UserNotFoundError.',
        permission: 'read:users',
        effect: 'read',
        params: ['username'],
        args: s.tuple([idSchema]),
        output: userSchema,
      },
    },
    templates: {
      list: {
        summary: 'Lists templates by name.',
        permission: 'read:templates',
        effect: 'read',
        params: ['filter'],
        args: s.tuple([s.optional(templateFilterSchema, {})]),
        output: s.array(templateSchema),
      },
      get: {
        summary: 'Reads one template by name. Fails with TemplateNotFoundError.',
        permission: 'read:templates',
        effect: 'read',
        params: ['name'],
        args: s.tuple([idSchema]),
        output: templateSchema,
      },
    },
    storage: {
      get: {
        summary: "Reads a value from the plugin's own store, `null` where there is none.",
        permission: null,
        effect: 'read',
        params: ['key'],
        args: s.tuple([storageKeySchema]),
        output: s.unknown(),
      },
      set: {
        summary: "Writes a JSON value to the plugin's own store.",
        permission: null,
        effect: 'write',
        params: ['key', 'value'],
        args: s.tuple([storageKeySchema, s.unknown()]),
        output: s.void(),
      },
      delete: {
        summary: "Removes a value from the plugin's own store.",
        permission: null,
        effect: 'write',
        params: ['key'],
        args: s.tuple([storageKeySchema]),
        output: s.void(),
      },
      keys: {
        summary: "Lists the keys of the plugin's own store, sorted.",
        permission: null,
        effect: 'read',
        params: ['prefix'],
        args: s.tuple([s.optional(s.pipe(s.string(), s.maxLength(256)), '')]),
        output: s.array(s.string()),
      },
    },
  },
  events: {
    'session.created': sessionEvent('A session was created.'),
    'session.started': sessionEvent('A session runs.'),
    'session.stopped': sessionEvent('A session stopped.'),
    'session.hibernated': sessionEvent('A session was put to sleep.'),
    'session.woken': sessionEvent('A session woke from sleep.'),
    'session.deleted': sessionEvent('A session was ended for good.'),
    'user.created': userEvent('A user account was created.'),
    'user.updated': userEvent('Details of a user changed.'),
    'user.deleted': userEvent('A user account was deleted.'),
    'user.login': userEvent('A user signed in.'),
    'user.logout': userEvent('A user signed out.'),
  },
  slots: {
    'dashboard.main': {
      summary: 'The wide column of the dashboard.',
      context: s.object({}),
      cardinality: 'many',
      height: { min: 80, max: 900 },
    },
    'dashboard.side': {
      summary: 'The narrow column of the dashboard.',
      context: s.object({}),
      cardinality: 'many',
      height: { min: 60, max: 600 },
    },
    'session.detail': {
      summary: "The panel beside a session's details.",
      context: s.object({ sessionId: s.string() }),
      cardinality: 'many',
      height: { min: 60, max: 600 },
    },
  },
})

/** What a plugin sees as `api` on a host with this domain. */
export type StreamspaceApi = Api<typeof streamspace>

export type { Session, Template, User } from './schemas.ts'
