import { MortiseError, type ThemeSheet } from '@mortise/contract'
import { builtInScope } from './theme-painter.ts'
import type { ThemeScope, ThemeScopeRequest } from './types.ts'

interface Entry {
  readonly request: ThemeScopeRequest
  users: number
  /** Nothing for a theme that is gone or off: such a part looks like what is around it. */
  sheet: Promise<ThemeSheet | undefined>
}

export interface ThemeScopeServices {
  read(request: ThemeScopeRequest): Promise<ThemeSheet>
  /** Shows a scope, or no longer. */
  show(name: string, sheet: ThemeSheet | undefined): Promise<void>
}

/** Themes of parts of the page, each read once however many elements wear it. */
export class ThemeScopes {
  readonly #entries = new Map<string, Entry>()
  readonly #services: ThemeScopeServices

  constructor(services: ThemeScopeServices) {
    this.#services = services
  }

  open(request: ThemeScopeRequest): ThemeScope {
    const name = nameOf(request)
    if (name === builtInScope) return { name, ready: Promise.resolve(), release() {} }
    const entry = this.#entries.get(name) ?? { request, users: 0, sheet: this.#read(request) }
    entry.users++
    this.#entries.set(name, entry)
    const ready = entry.sheet.then(async (sheet) => {
      if (this.#entries.get(name) === entry) await this.#services.show(name, sheet)
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
        void this.#services.show(name, undefined)
      },
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** Reads all anew: the person's own choices are in every one of them. */
  async refresh(): Promise<ReadonlyMap<string, ThemeSheet>> {
    const entries = [...this.#entries]
    for (const [, entry] of entries) entry.sheet = this.#read(entry.request)
    const read = await Promise.all(entries.map(async ([name, entry]) => [name, await entry.sheet] as const))
    return new Map(read.flatMap(([name, sheet]) => (sheet && this.has(name) ? [[name, sheet]] : [])))
  }

  async #read(request: ThemeScopeRequest): Promise<ThemeSheet | undefined> {
    try {
      return await this.#services.read(request)
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
