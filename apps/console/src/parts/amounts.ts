/** A number with thousands marked. */
export function count(value: number): string {
  return value.toLocaleString('en')
}

/** Bytes in the unit a person would choose. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
