import { MortiseError, type ThemeRule } from '@mortise/contract'
import type { ThemePainter } from './theme-painter.ts'
import { builtInScope } from './theme-painter.ts'
import type { ThemeScope, ThemeScopeRequest } from './types.ts'

interface Entry {
  readonly request: ThemeScopeRequest
  users: number
  rules: Promise<readonly ThemeRule[] | undefined>
}

/** Themes of parts of the page, each read once however many elements wear it. */
export class ThemeScopes {
  readonly #entries = new Map<string, Entry>()
  readonly #painter: ThemePainter
  readonly #read: (request: ThemeScopeRequest) => Promise<readonly ThemeRule[]>

  constructor(painter: ThemePainter, read: (request: ThemeScopeRequest) => Promise<readonly ThemeRule[]>) {
    this.#painter = painter
    this.#read = read
  }

  open(request: ThemeScopeRequest): ThemeScope {
    const name = nameOf(request)
    if (name === builtInScope) return { name, ready: Promise.resolve(), release() {} }
    const known = this.#entries.get(name)
    const entry = known ?? { request, users: 0, rules: this.#readRules(request) }
    entry.users++
    this.#entries.set(name, entry)
    const ready = entry.rules.then((rules) => {
      if (this.#entries.get(name) === entry) this.#painter.setScope(name, rules)
    })
    let released = false
    return {
      name,
      ready,
      release: () => {
        if (released) return
        released = true
        if (--entry.users > 0) return
        this.#entries.delete(name)
        this.#painter.setScope(name, undefined)
      },
    }
  }

  /** Reads all anew: the person's own choices are in every one of them. */
  async refresh(): Promise<ReadonlyMap<string, readonly ThemeRule[]>> {
    const entries = [...this.#entries]
    for (const [, entry] of entries) entry.rules = this.#readRules(entry.request)
    const read = await Promise.all(entries.map(async ([name, entry]) => [name, await entry.rules] as const))
    return new Map(read.flatMap(([name, rules]) => (rules && this.#entries.has(name) ? [[name, rules]] : [])))
  }

  /** No rules for a theme that is gone or off: such a part looks like what is around it. */
  async #readRules(request: ThemeScopeRequest): Promise<readonly ThemeRule[] | undefined> {
    try {
      return await this.#read(request)
    } catch (error) {
      if (!(error instanceof MortiseError) || !gone.has(error.code)) console.error(error)
      return undefined
    }
  }
}

const gone: ReadonlySet<string> = new Set(['NOT_FOUND', 'PLUGIN_NOT_FOUND', 'PLUGIN_NOT_RUNNING'])

/** One name for one look, whoever asks for it. */
function nameOf({ theme, ...parts }: ThemeScopeRequest): string {
  const own = Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([part, value]) => ` ${part}=${value}`)
  return `${theme ? `${theme.plugin}/${theme.id}` : builtInScope}${own.join('')}`
}
