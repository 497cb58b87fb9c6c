/** One entry of a host list: `example.com`, `*.example.com`, `example.com:8443` or `*`. */
interface HostEntry {
  readonly host: string
  readonly isWildcard: boolean
  readonly port: number | undefined
}

/** Hosts that a person listed, compared in the form that URLs use. */
export class HostList {
  readonly #entries: readonly HostEntry[]

  constructor(entries: readonly string[]) {
    this.#entries = entries.flatMap((text) => parseEntry(text) ?? [])
  }

  /** Whether any entry names this host; an entry with a port names it on that port only. */
  allows(host: string, port: number): boolean {
    return this.#entries.some(
      (entry) => matches(entry, host) && (entry.port === undefined || entry.port === port),
    )
  }

  /** Whether an entry names this host together with this port. */
  namesPort(host: string, port: number): boolean {
    return this.#entries.some((entry) => entry.port === port && matches(entry, host))
  }
}

function matches(entry: HostEntry, host: string): boolean {
  if (!entry.isWildcard) return entry.host === host
  return entry.host === '' || host.endsWith(`.${entry.host}`)
}

/** Entries that are not a host are left out: a typing mistake must not open anything. */
function parseEntry(text: string): HostEntry | undefined {
  const trimmed = text.trim().toLowerCase()
  if (trimmed === '*') return { host: '', isWildcard: true, port: undefined }
  const isWildcard = trimmed.startsWith('*.')
  const [, name, port] =
    /^(\[[\da-f:.]+\]|[^\s/:@?#[\]*\\]+)(?::(\d{1,5}))?$/.exec(isWildcard ? trimmed.slice(2) : trimmed) ?? []
  if (name === undefined || !URL.canParse(`http://${name}`)) return undefined
  return {
    host: new URL(`http://${name}`).hostname,
    isWildcard,
    port: port === undefined ? undefined : Number(port),
  }
}
