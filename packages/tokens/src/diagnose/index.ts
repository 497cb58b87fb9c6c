export { type AliasGraph, aliasGraph } from './alias-graph.ts'
export { type HintContext, hintFor } from './hint.ts'
export { type LocatedText, parseText } from './parse-text.ts'
export { type LocatedSource, readLocated } from './read-located.ts'
