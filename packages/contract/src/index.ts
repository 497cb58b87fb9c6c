export {
  type ErrorCode,
  type ErrorRecord,
  type ErrorSource,
  errorCodes,
  fromErrorRecord,
  type Issue,
  isMortiseError,
  MortiseError,
  type MortiseErrorOptions,
  toErrorRecord,
} from './errors.ts'
export { formatIssues, type Result, unwrap } from './result.ts'
export { escapePointer, type Infer, type InferInput, parse, type Schema, s } from './schema.ts'
