/** What `URLSearchParams` has besides what everybody sees. */
export interface SearchParams {
  /** Takes up a query that was set by other means. */
  reread(query: string): void
  toString(): string
}

type Pair = [name: string, value: string]

/** `URLSearchParams`, in the form of the web. */
export function createSearchParams() {
  class URLSearchParams implements SearchParams {
    #pairs: Pair[]
    #didChange: ((query: string) => void) | undefined

    constructor(init?: unknown) {
      this.#pairs = readInit(init)
    }

    /** One that belongs to an address. */
    static follow(query: string, didChange: (query: string) => void): URLSearchParams {
      const params = new URLSearchParams(query)
      params.#didChange = didChange
      return params
    }

    reread(query: string): void {
      this.#pairs = parseQuery(query)
    }

    get size(): number {
      return this.#pairs.length
    }

    append(name: unknown, value: unknown): void {
      this.#pairs.push([`${name}`, `${value}`])
      this.#changed()
    }

    delete(name: unknown, value?: unknown): void {
      this.#pairs = this.#pairs.filter((pair) => !matches(pair, name, value))
      this.#changed()
    }

    get(name: unknown): string | null {
      return this.#pairs.find((pair) => matches(pair, name))?.[1] ?? null
    }

    getAll(name: unknown): string[] {
      return this.#pairs.filter((pair) => matches(pair, name)).map(([, value]) => value)
    }

    has(name: unknown, value?: unknown): boolean {
      return this.#pairs.some((pair) => matches(pair, name, value))
    }

    set(name: unknown, value: unknown): void {
      const first = this.#pairs.find((pair) => matches(pair, name))
      if (first) {
        first[1] = `${value}`
        this.#pairs = this.#pairs.filter((pair) => pair === first || !matches(pair, name))
      } else this.#pairs.push([`${name}`, `${value}`])
      this.#changed()
    }

    sort(): void {
      this.#pairs.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
      this.#changed()
    }

    forEach(run: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void {
      for (const [name, value] of this.#pairs) Reflect.apply(run, self, [value, name, this])
    }

    *entries(): Generator<Pair> {
      for (const [name, value] of this.#pairs) yield [name, value]
    }

    *keys(): Generator<string> {
      for (const [name] of this.#pairs) yield name
    }

    *values(): Generator<string> {
      for (const [, value] of this.#pairs) yield value
    }

    [Symbol.iterator](): Generator<Pair> {
      return this.entries()
    }

    toString(): string {
      return this.#pairs.map((pair) => pair.map(encode).join('=')).join('&')
    }

    #changed(): void {
      this.#didChange?.(this.toString())
    }
  }
  return URLSearchParams
}

function matches([name, value]: Pair, wantedName: unknown, wantedValue?: unknown): boolean {
  return name === `${wantedName}` && (wantedValue === undefined || value === `${wantedValue}`)
}

function readInit(init: unknown): Pair[] {
  if (init === undefined) return []
  if (typeof init !== 'object' || init === null) return parseQuery(`${init}`)
  const pairs = Symbol.iterator in init ? [...(init as Iterable<Iterable<unknown>>)] : Object.entries(init)
  return pairs.map((pair) => {
    const [name, value, ...more] = [...pair]
    if (value === undefined || more.length > 0) throw new TypeError('Each pair must hold a name and a value')
    return [`${name}`, `${value}`]
  })
}

function parseQuery(query: string): Pair[] {
  return query
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=')
      return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]
    })
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Percent-encoded characters of one to four bytes, and single bytes that are none. */
const encoded =
  /%[0-7][\da-f]|%[c-d][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}|%[\da-f]{2}/gi

function decode(text: string): string {
  return text.replace(/\+/g, ' ').replace(encoded, (one) => {
    try {
      return decodeURIComponent(one)
    } catch {
      return '\ufffd'
    }
  })
}
