import { declaredNameSchema } from './declared-name.ts'
import { templateDataSchema } from './email-template.ts'
import { type Infer, s } from './schema.ts'

// Printable ASCII without quotes, comments or groups: nothing a mail server could read in two ways.
const local = /[a-z0-9.!#$%&'+/=?^_`{|}~-]{1,64}/.source
const label = /[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?/.source
const address = `${local}@${label}(?:\\.${label})*`

/** A plain address such as `ada@example.com`, without a name. */
export const emailAddressSchema = s.pipe(
  s.string(),
  s.maxLength(254),
  s.regex(new RegExp(`^${address}$`, 'i'), 'must be a plain address such as ada@example.com'),
)

/** Whom a plugin may write to: an address, a domain as `*@example.com`, or `*` for anybody. */
export const recipientPatternSchema = s.pipe(
  s.string(),
  s.maxLength(254),
  s.regex(
    new RegExp(`^(?:\\*|\\*@${label}(?:\\.${label})*|${address})$`, 'i'),
    'must be an address, a domain such as *@example.com, or *',
  ),
)

// Line breaks in a header would begin the next one.
const headerText = (longest: number) =>
  s.pipe(
    s.string(),
    s.maxLength(longest),
    s.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must not hold line breaks or other control characters'),
  )
const addresses = s.pipe(
  s.union([s.array(emailAddressSchema), emailAddressSchema], 'must be one or several plain addresses'),
  s.transform((value) => (typeof value === 'string' ? [value] : value)),
  s.check((list) => list.length <= 20, 'must not be more than 20'),
)

const subject = headerText(200)
const text = s.pipe(s.string(), s.maxLength(200_000))
const html = s.pipe(s.string(), s.maxLength(500_000))
const envelope = {
  to: s.pipe(
    addresses,
    s.check((list) => list.length > 0, 'must name somebody'),
  ),
  cc: s.optional(addresses, []),
  bcc: s.optional(addresses, []),
  replyTo: s.optional(emailAddressSchema),
  attachments: s.optional(
    s.pipe(
      s.array(
        s.strictObject({
          filename: s.pipe(headerText(120), s.regex(/^[^/\\]+$/, 'must be a name, not a path')),
          /** Text, or base64 where `encoding` says so. */
          content: s.string(),
          encoding: s.optional(s.picklist(['utf8', 'base64'])),
          contentType: s.optional(
            s.pipe(s.string(), s.maxLength(100), s.regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type')),
          ),
        }),
      ),
      s.maxLength(5),
    ),
  ),
}

/** A message as it leaves. The sender is the host's. */
export const emailMessageSchema = s.pipe(
  s.strictObject({ ...envelope, subject, text: s.optional(text), html: s.optional(html) }),
  s.check((message) => hasBody(message), 'must have text or html'),
)
export type EmailMessage = Infer<typeof emailMessageSchema>

/** A message as a plugin gives it: whole, or as one of its templates with what to fill in. */
export const emailRequestSchema = s.variant(
  'template',
  [
    s.pipe(
      s.strictObject({
        ...envelope,
        template: s.optional(s.undefined()),
        subject,
        text: s.optional(text),
        html: s.optional(html),
      }),
      s.check((message) => hasBody(message), 'must have text or html, or be a template'),
    ),
    s.strictObject({
      ...envelope,
      template: declaredNameSchema,
      /** Stands in place of the subject of the template. */
      subject: s.optional(subject),
      data: s.optional(templateDataSchema, {}),
    }),
  ],
  'must be the name of a template',
)
export type EmailRequest = Infer<typeof emailRequestSchema>

/** A message as an administrator sees it. Secrets of the plugin are covered. */
export interface EmailRecord {
  readonly id: string
  /** `captured`: kept here only, because the server has no mail server to send with. */
  readonly state: 'captured' | 'queued' | 'sent' | 'failed'
  /** All recipients, copies included. */
  readonly to: readonly string[]
  readonly subject: string
  /** Its text, or the source of its HTML where it has no text. */
  readonly body: string
  readonly attachments: readonly string[]
  readonly error: string | null
  readonly createdAt: string
}

/** Answer of `GET /api/v1/plugins/:id/email`. */
export interface EmailOverview {
  readonly delivery: 'smtp' | 'captured'
  /** Recipients that the manifest asks for. */
  readonly wanted: readonly string[]
  /** Recipients that an administrator allowed. */
  readonly allowed: readonly string[]
  /** Newest first. */
  readonly messages: readonly EmailRecord[]
}

/** Body of `PUT /api/v1/plugins/:id/email/recipients`: all that are allowed from now on. */
export const recipientsBodySchema = s.strictObject({
  recipients: s.pipe(s.array(recipientPatternSchema), s.maxLength(100)),
})

function hasBody({ text, html }: { text?: string | undefined; html?: string | undefined }): boolean {
  return text !== undefined || html !== undefined
}
