/** Whether an address is one that somebody allowed: `ada@example.com`, `*@example.com`, or `*` for anybody. */
export function isAllowedRecipient(address: string, patterns: readonly string[]): boolean {
  const wanted = address.toLowerCase()
  const domain = wanted.slice(wanted.lastIndexOf('@') + 1)
  return patterns.some((pattern) => {
    const allowed = pattern.toLowerCase()
    return allowed === '*' || allowed === wanted || allowed === `*@${domain}`
  })
}
