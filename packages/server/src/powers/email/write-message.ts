import {
  type EmailMessage,
  type EmailRequest,
  emailMessageSchema,
  fillTemplate,
  formatIssues,
  type Issue,
  MortiseError,
  namesOfTemplate,
  parse,
  type TemplateData,
} from '@mortise/contract'
import { cleanHtml } from './clean-html.ts'

/** The parts of a template, with `{{names}}` still in them. */
export interface ReadTemplate {
  readonly subject: string
  readonly text: string
  readonly html: string | undefined
}

/**
 * The message that leaves: templates filled in, HTML cleaned.
 *
 * @throws `INPUT_INVALID` for a template or a name that there is not, and for a
 * message that is none once it is filled in, such as a subject of two lines.
 */
export async function writeMessage(
  request: EmailRequest,
  templateOf: (name: string) => Promise<ReadTemplate | undefined>,
): Promise<EmailMessage> {
  const message = request.template === undefined ? withoutTemplate(request) : await fillIn(request)
  const parsed = parse(emailMessageSchema, message)
  if (!parsed.ok) throw refuse(...parsed.issues)
  const { html, ...rest } = parsed.value
  if (html === undefined) return rest
  const cleaned = await cleanHtml(html)
  if (cleaned.trim() !== '') return { ...rest, html: cleaned }
  if (rest.text !== undefined) return rest
  throw refuse({ pointer: '/html', message: 'has nothing in it that an email may hold' })

  async function fillIn({
    template: name,
    data,
    subject,
    ...envelope
  }: Extract<EmailRequest, { data: unknown }>) {
    const template = await templateOf(name)
    if (!template)
      throw refuse({ pointer: '/template', message: `'${name}' is not declared in the manifest` })
    const filled = fill(template, data)
    return { ...envelope, ...filled, subject: subject ?? filled.subject }
  }
}

function withoutTemplate({ template: _, ...message }: Extract<EmailRequest, { template?: undefined }>) {
  return message
}

/** @throws `INPUT_INVALID` for names without a value, and values without a name. */
function fill(
  { subject, text, html }: ReadTemplate,
  data: TemplateData,
): Omit<ReadTemplate, 'html'> & { html?: string } {
  const names = new Set([subject, text, html ?? ''].flatMap((part) => [...namesOfTemplate(part)]))
  const issues = [
    ...[...names]
      .filter((name) => !Object.hasOwn(data, name))
      .map((name) => ({ name, message: 'is missing' })),
    ...Object.keys(data)
      .filter((name) => !names.has(name))
      .map((name) => ({ name, message: 'is not in the template' })),
  ]
  if (issues.length > 0) {
    throw refuse(
      ...issues.slice(0, 20).map(({ name, message }) => ({ pointer: `/data/${name.slice(0, 64)}`, message })),
    )
  }
  return {
    subject: fillTemplate(subject, data, (value) => value),
    text: fillTemplate(text, data, (value) => value),
    ...(html === undefined ? {} : { html: fillTemplate(html, data, escapeHtml) }),
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  '=': '&#61;',
}

/** Text that stays text between tags and in attributes, quoted or not but for spaces. */
function escapeHtml(value: string): string {
  return value.replace(/[&<>"'`=]/g, (character) => entities[character]!)
}

/** Pointers lead into the arguments of the call, of which the message is the first. */
function refuse(...found: readonly Issue[]): MortiseError {
  const issues = found.map((issue) => ({ ...issue, pointer: `/0${issue.pointer}` }))
  return new MortiseError('INPUT_INVALID', `The email was refused: ${formatIssues(issues)}`, {
    data: { issues },
  })
}
