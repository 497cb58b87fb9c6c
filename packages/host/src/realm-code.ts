import { MortiseError, type UiRecord } from '@mortise/contract'

/**
 * The code that worker realms run before their plugin. Read once and handed to every sandbox: with an opaque
 * origin none of them has a cache, and each would load it over the network.
 */
export class RealmCode {
  readonly #files = new Map<string, Promise<Blob>>()
  readonly #scripts = new Map<string, Promise<Blob>>()

  /** One classic script with what a plugin wants. */
  of({ sandboxUrl, format, sharing }: Pick<UiRecord, 'sandboxUrl' | 'format' | 'sharing'>): Promise<Blob> {
    // In the order in which they run.
    const wanted = [
      'worker-realm',
      format !== 'module' && reactFor(sharing.shared),
      format === 'federation' && 'worker-federation',
    ].filter(Boolean)
    const urls = wanted.map((name) => new URL(`/sandbox-assets/${name}.js`, sandboxUrl).href)
    return once(this.#scripts, urls.join(' '), () => this.#join(urls))
  }

  async #join(urls: readonly string[]): Promise<Blob> {
    const files = await Promise.all(urls.map((url) => once(this.#files, url, () => readScript(url))))
    return new Blob(
      files.flatMap((file) => [file, ';\n']),
      { type: 'text/javascript' },
    )
  }
}

/** React, and where it draws: straight into messages, or into the realm's document where a plugin wants React DOM. */
function reactFor(shared: readonly string[]): string | undefined {
  if (shared.some((name) => name.startsWith('react-dom'))) return 'worker-react-dom'
  return shared.some((name) => name !== '@mortise/sdk') ? 'worker-react' : undefined
}

/** What was made under a name before, or is being made. What failed is made again. */
function once<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const made = known.get(name) ?? make()
  if (known.has(name)) return made
  known.set(name, made)
  made.catch(() => known.delete(name))
  return made
}

async function readScript(url: string): Promise<Blob> {
  const response = await fetch(url).catch(() => undefined)
  if (response?.ok) return response.blob()
  const answer = response ? `answered with status ${response.status}` : 'unanswered'
  throw new MortiseError('REMOTE_UNREACHABLE', `${new URL(url).pathname} was ${answer}.`)
}
