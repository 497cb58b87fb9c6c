import { MortiseError, type UiRecord } from '@mortise/contract'

/**
 * The code that worker realms run before their plugin. Read once and handed to every sandbox: with an opaque
 * origin none of them has a cache, and each would load it over the network.
 */
export class RealmCode {
  readonly #files = new Map<string, Promise<Blob>>()

  /** One classic script with what a plugin wants. */
  async of({
    sandboxUrl,
    format,
    sharing,
  }: Pick<UiRecord, 'sandboxUrl' | 'format' | 'sharing'>): Promise<Blob> {
    // In the order in which they run.
    const wanted = [
      'worker-realm',
      format !== 'module' && sharing.shared.some((name) => name !== '@mortise/sdk') && 'worker-react',
      format === 'federation' && 'worker-federation',
    ].filter(Boolean)
    const files = await Promise.all(
      wanted.map((name) => this.#read(new URL(`/sandbox-assets/${name}.js`, sandboxUrl).href)),
    )
    return new Blob(
      files.flatMap((file) => [file, ';\n']),
      { type: 'text/javascript' },
    )
  }

  #read(url: string): Promise<Blob> {
    const known = this.#files.get(url)
    if (known) return known
    const file = readScript(url)
    this.#files.set(url, file)
    file.catch(() => this.#files.delete(url))
    return file
  }
}

async function readScript(url: string): Promise<Blob> {
  const response = await fetch(url).catch(() => undefined)
  if (response?.ok) return response.blob()
  const answer = response ? `answered with status ${response.status}` : 'unanswered'
  throw new MortiseError('REMOTE_UNREACHABLE', `${new URL(url).pathname} was ${answer}.`)
}
