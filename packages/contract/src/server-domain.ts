import { declaredNameSchema } from './declared-name.ts'
import { type Api, defineDomain, eventPermissions } from './domain.ts'
import { emailRequestSchema } from './email.ts'
import { notificationMessageSchema, notificationTargetSchema } from './notification.ts'
import { s } from './schema.ts'

const scheduledSchema = s.object({ name: s.string(), schedule: s.string(), nextAt: s.nullable(s.string()) })

/** Portable on every file system, and impossible to leave the folder with. */
const filePathSchema = s.pipe(
  s.string(),
  s.maxLength(200, 'must not be longer than 200 characters'),
  s.regex(
    /^(?!.*\.(\/|$))[A-Za-z0-9_.@-]+(\/[A-Za-z0-9_.@-]+){0,7}$/,
    'must be names of letters, digits, "_", "-", "@" and "." with "/" between them, none ending with "."',
  ),
)

/**
 * What the backend lends to the server code of plugins, whatever the host's own
 * domain is. Only server code may call: a page that asks in a plugin's name is
 * answered `METHOD_UNKNOWN`, so that nothing of it ever reaches a browser.
 */
export const serverDomain = defineDomain({
  name: 'mortise-server',
  version: '1.0.0',
  permissions: {
    ...eventPermissions,
    secrets: { risk: 'medium', sentence: 'Read the secrets you store for it' },
    'serve:http': {
      risk: 'medium',
      sentence: 'Answer web requests of signed-in people at its own address, and show files of its package',
    },
    'serve:public': {
      risk: 'high',
      sentence: 'Answer web requests of anybody who reaches this server, without signing in',
      dangerous: true,
    },
    email: { risk: 'medium', sentence: 'Send email to recipients you allow', dangerous: true },
    notifications: { risk: 'low', sentence: 'Show short messages to people' },
    commands: { risk: 'low', sentence: 'Add commands that people run from the palette' },
    scheduler: { risk: 'low', sentence: 'Work at set times, also when nobody is there' },
    'serve:sse': {
      risk: 'medium',
      sentence: 'Keep connections at its own address open and send messages to whoever listens there',
    },
    files: { risk: 'low', sentence: 'Keep up to 50 MB of files of its own on the server' },
  },
  resources: {
    config: {
      set: {
        summary: "Changes one value of the plugin's own configuration. It may name approved hosts only.",
        permission: null,
        effect: 'write',
        params: ['key', 'value'],
        args: s.tuple([s.pipe(s.string(), s.minLength(1), s.maxLength(256)), s.unknown()]),
        output: s.void(),
      },
    },
    events: {
      emit: {
        summary: 'Sends an event of the type `plugin.<name>.<type>` to plugins that may emit too.',
        permission: 'emit:events',
        effect: 'write',
        params: ['type', 'data'],
        args: s.tuple([
          s.pipe(
            s.string(),
            s.maxLength(64),
            s.regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, 'is not a lower-case event name'),
          ),
          s.optional(s.unknown()),
        ]),
        output: s.void(),
      },
    },
    sse: {
      send: {
        summary:
          'Sends a message to everybody who listens at `/plugins/<name>/_sse/<channel>`, and says to how many. `data` that is no text becomes JSON.',
        permission: 'serve:sse',
        effect: 'write',
        params: ['channel', 'event', 'data'],
        args: s.tuple([
          s.pipe(
            s.string(),
            s.regex(/^([A-Za-z0-9_-]{1,64})?$/, 'must be up to 64 letters, digits, "_" and "-"'),
          ),
          s.pipe(s.string(), s.regex(/^[^\r\n\0]{0,100}$/, 'must be one line of up to 100 characters')),
          s.unknown(),
        ]),
        output: s.number(),
      },
    },
    secrets: {
      get: {
        summary: 'Reads a secret that the manifest declares, `null` where nobody has set it.',
        permission: 'secrets',
        effect: 'read',
        params: ['name'],
        args: s.tuple([declaredNameSchema]),
        output: s.nullable(s.string()),
      },
    },
    notifications: {
      send: {
        summary:
          'Shows a short message, as text, to one user by id, to `admins`, or to everybody (`*`). Its `actions` run commands of the plugin or open pages.',
        permission: 'notifications',
        effect: 'write',
        params: ['to', 'notification'],
        args: s.tuple([notificationTargetSchema, notificationMessageSchema]),
        output: s.void(),
      },
    },
    email: {
      send: {
        summary:
          'Sends an email, written out or as one of the templates of the manifest, or keeps it in the outbox where the host has no mail server. Fails with EMAIL_RECIPIENT_DENIED for a recipient nobody allowed.',
        permission: 'email',
        effect: 'write',
        params: ['message'],
        args: s.tuple([emailRequestSchema]),
        output: s.object({ id: s.string(), state: s.picklist(['captured', 'queued']) }),
      },
    },
    scheduler: {
      schedule: {
        summary:
          'Has a job run at set times, in place of what its name was scheduled for before. It stays scheduled when the server starts again.',
        permission: 'scheduler',
        effect: 'write',
        params: ['name', 'schedule'],
        args: s.tuple([declaredNameSchema, s.pipe(s.string(), s.maxLength(100))]),
        output: scheduledSchema,
      },
      cancel: {
        summary: 'Takes a job off the schedule. One that is not there is no error.',
        permission: 'scheduler',
        effect: 'write',
        params: ['name'],
        args: s.tuple([declaredNameSchema]),
        output: s.void(),
      },
      list: {
        summary: "Lists the plugin's jobs by name.",
        permission: 'scheduler',
        effect: 'read',
        params: [],
        args: s.tuple([]),
        output: s.array(scheduledSchema),
      },
    },
    files: {
      read: {
        summary: "Reads one of the plugin's files as UTF-8 text. Fails with FileNotFoundError.",
        permission: 'files',
        effect: 'read',
        params: ['path'],
        args: s.tuple([filePathSchema]),
        output: s.string(),
      },
      readBytes: {
        summary: "Reads one of the plugin's files as bytes. Fails with FileNotFoundError.",
        permission: 'files',
        effect: 'read',
        params: ['path'],
        args: s.tuple([filePathSchema]),
        output: s.bytes(),
      },
      write: {
        summary: 'Writes a file whole or not at all, at most 10 MB. Folders on the way are made.',
        permission: 'files',
        effect: 'write',
        params: ['path', 'data'],
        args: s.tuple([filePathSchema, s.union([s.string(), s.bytes()], 'must be text or bytes')]),
        output: s.void(),
      },
      delete: {
        summary: 'Removes a file. One that is not there is no error.',
        permission: 'files',
        effect: 'write',
        params: ['path'],
        args: s.tuple([filePathSchema]),
        output: s.void(),
      },
      list: {
        summary: "Lists the plugin's files whose path starts with a text, sorted by path. Sizes are bytes.",
        permission: 'files',
        effect: 'read',
        params: ['prefix'],
        args: s.tuple([s.optional(s.pipe(s.string(), s.maxLength(200)), '')]),
        output: s.array(s.object({ path: s.string(), size: s.number(), updatedAt: s.string() })),
      },
    },
  },
  events: {},
  slots: {},
})

/** What server code sees of the backend, beside the host's own domain. */
export type ServerApi = Api<typeof serverDomain>
