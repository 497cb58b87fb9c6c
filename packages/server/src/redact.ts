/** What stands for a secret in answers and logs. */
export const redacted = '***REDACTED***'

/** Names under which credentials are kept, at the end of a key: `accessToken`, `X-Api-Key`, `set-cookie`. */
const secretKey =
  /(authorization|cookie|password|passwd|passphrase|secret|token|credentials?|(api|private|signing|secret)[-_]?key)$/i

/** Credentials by their form. Each keeps the quotes and escapes of a JSON text whole. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/:\/\/[^\s/:@"\\]+:[^\s/@"\\]+@/g, `://${redacted}@`],
  [/([?&;][\w-]*?(?:token|secret|password|key|signature|sig)=)[^&;\s"\\#]+/gi, `$1${redacted}`],
  [
    /((?:authorization|cookie|password|secret|token|api[-_]?key)["']?[ \t]*[:=][ \t]*)(["'])[^"'\\\n]+\2/gi,
    `$1$2${redacted}$2`,
  ],
  [/\bwhsec_[\w+/=-]{8,}/g, redacted],
]

/** A text without what has the form of a credential. */
export function redactForms(text: string): string {
  let clean = text
  for (const [form, replacement] of forms) clean = clean.replace(form, replacement)
  return clean
}

/** Deeper than this nobody reads. */
const deepest = 12

/** A JSON value without what is kept under the name of a credential, its texts and keys cleaned by `clean`. */
export function redactValue(
  value: unknown,
  clean: (text: string) => string = redactForms,
  depth = 0,
): unknown {
  if (typeof value === 'string') return clean(value)
  if (!Array.isArray(value) && !isPlain(value)) return value
  if (depth > deepest) return redacted
  if (Array.isArray(value)) return value.map((item) => redactValue(item, clean, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isSecret = secretKey.test(key) && item !== null && item !== '' && typeof item !== 'boolean'
      return [
        clean(key),
        isSecret && typeof item !== 'number' ? redacted : redactValue(item, clean, depth + 1),
      ]
    }),
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
