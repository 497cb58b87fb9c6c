import { type Infer, s } from './schema.ts'

/** Type of the event that carries a notification to the pages of people. */
export const notificationType = 'notification.sent'

/** Whom a notification is for: one user by id, `admins`, or `*` for everybody. */
export const notificationTargetSchema = s.pipe(s.string(), s.minLength(1), s.maxLength(200))

/** A notification as a plugin gives it. All of it is shown as text. */
export const notificationMessageSchema = s.strictObject({
  title: s.pipe(s.string(), s.minLength(1), s.maxLength(120)),
  message: s.optional(s.pipe(s.string(), s.maxLength(500)), ''),
  type: s.optional(s.picklist(['info', 'success', 'warning', 'error']), 'info'),
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
