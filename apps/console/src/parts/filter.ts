/** Whether every word of a search is in one of the texts, whatever the case. */
export function matchesSearch(search: string, texts: readonly (string | undefined)[]): boolean {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const haystack = texts.join('\n').toLocaleLowerCase()
  return words.every((word) => haystack.includes(word))
}
