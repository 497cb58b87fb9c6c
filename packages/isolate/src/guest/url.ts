import type { Powers } from './channel.ts'
import { createSearchParams, type SearchParams } from './search-params.ts'
import { type UrlPart, urlParts } from './url-parts.ts'

/**
 * `URL` and `URLSearchParams`. Addresses are parsed by the child process, whose
 * parser is the one of Node: one of our own would be most of the runtime.
 */
export function createUrl(resolve: Powers['url']) {
  const URLSearchParams = createSearchParams()

  function read(text: string, base?: string): string[] | undefined {
    return resolve(text, base, undefined, undefined)?.split('\n')
  }

  class URL {
    #parts: string[]
    #query: SearchParams | undefined

    constructor(input: unknown, base?: unknown) {
      const found = read(`${input}`, base === undefined ? undefined : `${base}`)
      if (!found)
        throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: `${input}` })
      this.#parts = found
    }

    get searchParams(): SearchParams {
      this.#query ??= URLSearchParams.follow(this.#get('search'), (text) => this.#set('search', text))
      return this.#query
    }

    toString(): string {
      return this.#get('href')
    }

    toJSON(): string {
      return this.#get('href')
    }

    static canParse(input: unknown, base?: unknown): boolean {
      return read(`${input}`, base === undefined ? undefined : `${base}`) !== undefined
    }

    static parse(input: unknown, base?: unknown): URL | null {
      return URL.canParse(input, base) ? new URL(input, base) : null
    }

    static get(url: URL, part: UrlPart): string {
      return url.#get(part)
    }

    static set(url: URL, part: UrlPart, value: string): void {
      url.#set(part, value)
      url.#query?.reread(url.#get('search'))
    }

    #get(part: UrlPart): string {
      return this.#parts[urlParts.indexOf(part)] ?? ''
    }

    #set(part: UrlPart, value: string): void {
      const found = resolve(this.#get('href'), undefined, part, value)?.split('\n')
      if (found) this.#parts = found
      else if (part === 'href') throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' })
    }
  }

  const { get, set } = URL
  for (const name of ['get', 'set']) Reflect.deleteProperty(URL, name)
  for (const part of urlParts) {
    Object.defineProperty(URL.prototype, part, {
      get(this: URL) {
        return get(this, part)
      },
      set:
        part === 'origin'
          ? undefined
          : function (this: URL, value: unknown) {
              set(this, part, `${value}`)
            },
      enumerable: true,
      configurable: true,
    })
  }
  return { URL, URLSearchParams }
}
