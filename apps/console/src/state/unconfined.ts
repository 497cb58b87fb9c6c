const key = 'mortise.unconfined'

/** Frame plugins that somebody let start in this browser although it does not confine them. */
export function readUnconfined(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter((entry) => typeof entry === 'string') : []
  } catch {
    return []
  }
}

export function keepUnconfined(entries: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(entries))
  } catch {
    // Storage can be turned off. The decision then lasts as long as the page.
  }
}
