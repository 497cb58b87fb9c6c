import type { ContactRecord, HostState } from '@mortise/contract'

/** Hosts that a plugin may contact and never has. */
export function unusedHosts(
  hosts: readonly HostState[],
  contacts: readonly ContactRecord[],
): readonly string[] {
  const reached = contacts.filter((contact) => contact.reached > 0).map(({ host }) => host)
  return hosts
    .filter(({ decision, host }) => decision === 'granted' && !reached.some((one) => isNamedBy(host, one)))
    .map(({ host }) => host)
}

/** Whether an entry such as `*.example.com` stands for a host. An entry without a port stands for all of them. */
function isNamedBy(entry: string, host: string): boolean {
  const bare = host.replace(/:\d+$/, '')
  if (entry === '*') return true
  if (entry.startsWith('*.')) return [host, bare].some((one) => one.endsWith(entry.slice(1)))
  return entry === host || entry === bare
}
