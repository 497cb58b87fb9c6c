import { declaredNameSchema } from './declared-name.ts'
import { type Infer, s } from './schema.ts'

/** Type of the event that carries a notification to the pages of people. */
export const notificationType = 'notification.sent'

/** Whom a notification is for: one user by id, `admins`, or `*` for everybody. */
export const notificationTargetSchema = s.pipe(s.string(), s.minLength(1), s.maxLength(200))

const label = s.pipe(s.string(), s.minLength(1), s.maxLength(40))

/** A page of the shell: names with `/` before each, so that it leads nowhere else. */
const shellPath = s.pipe(
  s.string(),
  s.maxLength(200),
  s.regex(
    /^\/([A-Za-z0-9_~-][A-Za-z0-9_.~-]*(\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*)?$/,
    'must be a page such as /sessions/ses-1, without a query',
  ),
)

/** A button of a notification: it runs a command of the same plugin, or opens a page of the shell. */
export const notificationActionSchema = s.union(
  [
    s.strictObject({
      label,
      command: declaredNameSchema,
      /** What the command gets. Where it is left out, the person is asked for what the command declares. */
      args: s.optional(s.dictionary(s.union([s.string(), s.number(), s.boolean()]))),
    }),
    s.strictObject({ label, path: shellPath }),
  ],
  'must have a label, and a command or a path of the shell',
)
export type NotificationAction = Infer<typeof notificationActionSchema>

/** A notification as a plugin gives it. All of it is shown as text. */
export const notificationMessageSchema = s.strictObject({
  title: s.pipe(s.string(), s.minLength(1), s.maxLength(120)),
  message: s.optional(s.pipe(s.string(), s.maxLength(500)), ''),
  type: s.optional(s.picklist(['info', 'success', 'warning', 'error']), 'info'),
  /** Three at most; a message on the screen shows the first. */
  actions: s.optional(s.pipe(s.array(notificationActionSchema), s.maxLength(3)), []),
})
export type NotificationMessage = Infer<typeof notificationMessageSchema>

/** The `data` of a notification's event. */
export const notificationRecordSchema = s.object({
  plugin: s.string(),
  /** Name of the plugin for people. */
  from: s.string(),
  to: s.string(),
  ...notificationMessageSchema.entries,
})
export type NotificationRecord = Infer<typeof notificationRecordSchema>
