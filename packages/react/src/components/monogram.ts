/** One or two letters that stand for a name: the starts of its first two words. */
export function monogram(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? []
  const starts = words.slice(0, 2).map((word) => [...word][0] ?? '')
  return starts.join('').toLocaleUpperCase() || '?'
}

/** A number from 0 to `count - 1`, always the same for a text. */
export function hueIndex(text: string, count: number): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % count
}
