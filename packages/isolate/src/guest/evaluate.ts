/**
 * Evaluates a classic script in the global scope of this isolate. Captured
 * before plugin code can replace it; called indirectly, so it sees no locals.
 */
// biome-ignore lint/security/noGlobalEval: running foreign source is what an isolate is for
export const evaluate: (source: string) => unknown = globalThis.eval
