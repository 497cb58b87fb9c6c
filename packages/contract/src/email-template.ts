import { declaredNameSchema } from './declared-name.ts'
import { type Infer, s } from './schema.ts'

/** A message that a plugin sends often, with `{{names}}` in place of what changes. */
export const emailTemplateSchema = s.looseObject({
  name: declaredNameSchema,
  subject: s.pipe(
    s.string(),
    s.regex(/^[^\p{Cc}\u2028\u2029]{1,200}$/u, 'must be one line of up to 200 characters'),
  ),
  /** File of the package with the text. */
  text: templatePath('txt'),
  /** File of the package with the same as HTML, for those who see it. */
  html: s.optional(templatePath('html')),
})
export type EmailTemplate = Infer<typeof emailTemplateSchema>

/** What stands for one name of a template. */
export const templateDataSchema = s.dictionary(
  s.union(
    [s.pipe(s.string(), s.maxLength(10_000)), s.pipe(s.number(), s.finite()), s.boolean()],
    'must be text of up to 10,000 characters, a number, or true or false',
  ),
)
export type TemplateData = Infer<typeof templateDataSchema>

const placeholder = /\{\{\s*([A-Za-z][A-Za-z0-9_-]{0,63})\s*\}\}/g

/** The names that a text of a template asks for. */
export function namesOfTemplate(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(placeholder)].map(([, name]) => name!))
}

/** The first `{{` that begins no name, with what follows it; `undefined` where there is none. */
export function faultOfTemplate(text: string): string | undefined {
  return /\{\{.{0,40}/s.exec(text.replace(placeholder, ''))?.[0]
}

/**
 * A text of a template with its names replaced, once: what comes in is not read for names again.
 *
 * @param toSafe - Makes a value harmless where it comes to stand.
 */
export function fillTemplate(text: string, data: TemplateData, toSafe: (value: string) => string): string {
  const values = new Map(Object.entries(data))
  return text.replace(placeholder, (whole, name: string) => {
    const value = values.get(name)
    return value === undefined ? whole : toSafe(String(value))
  })
}

function templatePath(ending: 'txt' | 'html') {
  return s.pipe(
    s.string(),
    s.maxLength(200),
    s.regex(
      new RegExp(`^(?!.*(^|/)\\.)[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\\.${ending}$`),
      `must be a .${ending} file of the package`,
    ),
  )
}
