export const payloads: readonly string[]
