import { s } from './schema.ts'

/** Name of something a plugin declares: a secret, a job, a command. */
export const declaredNameSchema = s.pipe(
  s.string(),
  s.regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    'must start with a letter and hold only letters, digits, "_" and "-"',
  ),
)
