export { type DiffOptions, diffSources, type SourceDiff, type TokenChange } from './diff-sources.ts'
