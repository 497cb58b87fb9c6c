import { expect, it } from 'vitest'
import { openPool, specOf } from '../test/harness.ts'

// Each script runs in the sandbox and in Node, and both must say the same.
const scripts = {
  'parts of addresses': `
    const texts = ['https://user:pw@Example.COM:8080/a/../b?x=1&y=%20#h', 'http://münchen.de/ü?ü#ü', 'http://[::1]:80/', 'http://0x7f.1/',
      'data:text/plain,hi', 'file:///C:/x', 'mailto:a@b.c', 'https://a b/', '', '/relative', 'https://x:99999/', 'ht!tp://x', 'https://x/\\ud800']
    const read = (url) => ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'].map((key) => url[key])
    return texts.flatMap((text) => [undefined, 'https://base.example/dir/page?q#f'].map((base) => {
      try { return [URL.canParse(text, base), ...read(new URL(text, base)), String(new URL(text, base)), JSON.stringify(new URL(text, base))] }
      catch (error) { return [URL.canParse(text, base), URL.parse(text, base), error.name, error.code, error instanceof TypeError] }
    }))`,
  'changes to addresses': `
    const url = new URL('https://example.com/a?b=1#c')
    const steps = []
    for (const [key, value] of [['protocol', 'http'], ['protocol', 'nothing:'], ['host', 'other.example:81'], ['port', 'x'], ['port', ''], ['username', 'a b'],
      ['pathname', '../ü'], ['search', 'x=ü&y'], ['hash', '#z z'], ['hostname', 'a b'], ['search', ''], ['href', 'https://again.example/?q=1']]) {
      url[key] = value
      steps.push(url.href)
    }
    try { url.href = 'nonsense' } catch (error) { steps.push(error.name, url.href) }
    try { url.origin = 'https://x' } catch (error) { steps.push(error.name) }
    const { searchParams } = url
    searchParams.append('r', 'ä&=+ ')
    steps.push(url.href, url.search)
    url.search = '?fresh=1'
    steps.push([...searchParams], searchParams === url.searchParams)
    searchParams.delete('fresh')
    steps.push(url.href)
    return steps`,
  queries: `
    const all = ['?a=1&b=2&a=3', 'a=%E4%BD%A0+x&b', 'a=%ff%41&=x&&c=%', '', '=', "a=!'()~*-._ "].map((text) => {
      const params = new URLSearchParams(text)
      return [[...params], String(params), params.get('a'), params.getAll('a'), params.has('b'), params.has('a', '3'), params.size]
    })
    const params = new URLSearchParams({ z: 1, a: 'x' })
    params.append('m', 2); params.set('z', 'new'); params.append('a', 'y'); params.delete('a', 'x'); params.sort()
    const seen = []
    params.forEach((value, name) => seen.push([name, value]))
    const bad = [[['a']], [['a', 'b', 'c']], [1]].map((init) => { try { return String(new URLSearchParams(init)) } catch (error) { return error.name } })
    return [all, String(params), [...params.keys()], [...params.values()], seen, String(new URLSearchParams([['a', 'b']])), String(new URLSearchParams(params)), bad]`,
  base64: `
    const say = (work) => { try { return work() } catch (error) { return [error.name, error.code, error instanceof DOMException] } }
    return [...['', 'a', 'ab', 'abc', '\\u0000\\u00ff', 'ä'].map((text) => say(() => [btoa(text), atob(btoa(text))])), say(() => btoa('✓')),
      ...['YQ', 'YQ==', ' Y Q = = ', 'YQ=', 'Y', '====', 'YW*j', 'YWJj\\n'].map((text) => say(() => atob(text))), say(() => btoa(null))]`,
  copies: `
    const buffer = new Uint8Array([1, 2, 3, 4]).buffer
    const value = { date: new Date(5), pattern: /x/gi, map: new Map([[{ a: 1 }, new Set([1, 'x'])]]), list: [1, , 3], bytes: new Uint8Array(buffer, 1, 2), view: new DataView(buffer, 2),
      text: new String('x'), big: 10n, none: undefined, nothing: null, error: Object.assign(new RangeError('no', { cause: 'why' }), { extra: 1 }) }
    value.self = value
    value.proto = JSON.parse('{"__proto__":1}')
    const made = structuredClone(value)
    const refused = [() => {}, Symbol('x'), { f() {} }, new WeakMap(), Promise.resolve()].map((one) => { try { return structuredClone(one) } catch (error) { return [error.name, error.code] } })
    return [made !== value, made.self === made, made.date.getTime(), String(made.pattern), [...made.map].map(([key, set]) => [key, [...set]]), made.list.length, 1 in made.list,
      [...made.bytes], made.bytes.buffer === made.view.buffer, made.bytes.buffer !== buffer, made.view.getUint8(0), typeof made.text, String(made.big), 'none' in made, made.nothing,
      made.error.name, made.error.message, made.error.cause, made.error.extra, made.error instanceof RangeError, Object.keys(made.proto), made.proto.toString === Object.prototype.toString, refused]`,
  events: `
    const target = new EventTarget()
    const heard = []
    const note = (text) => (event) => heard.push(text, event.type, event.target === target)
    const twice = note('twice')
    target.addEventListener('go', twice)
    target.addEventListener('go', twice)
    target.addEventListener('go', note('once'), { once: true })
    target.addEventListener('go', { handleEvent: note('object') })
    target.addEventListener('go', null)
    const stop = new AbortController()
    target.addEventListener('go', note('signal'), { signal: stop.signal })
    const results = [target.dispatchEvent(new Event('go'))]
    stop.abort()
    target.removeEventListener('go', twice)
    target.addEventListener('go', (event) => { event.preventDefault(); event.stopImmediatePropagation() })
    target.addEventListener('go', note('never'))
    results.push(target.dispatchEvent(new Event('go', { cancelable: true })), target.dispatchEvent(new Event('go')), stop.signal.aborted, stop.signal.reason.name)
    try { target.dispatchEvent({ type: 'go' }) } catch (error) { results.push(error.name) }
    return [heard, results]`,
  exceptions: `
    const made = new DOMException('no', 'AbortError')
    return [made.name, made.message, made.code, made instanceof Error, String(made), new DOMException().name, new DOMException('', 'Mine').code, DOMException.ABORT_ERR,
      made.INVALID_STATE_ERR, DOMException.URL_MISMATCH_ERR, DOMException.NO_MODIFICATION_ALLOWED_ERR, DOMException.DATA_CLONE_ERR, Object.keys(DOMException).length]`,
}

for (const [what, script] of Object.entries(scripts)) {
  it(`offers ${what} as Node does`, async () => {
    await using pool = openPool()
    const plugin = await pool.load(specOf(`module.exports = { onAsk() { ${script} } }`))
    const here = new Function(script)() as unknown
    expect(await plugin.call('onAsk', [])).toEqual(JSON.parse(JSON.stringify(here)))
  })
}

it('stops a plugin that floods its process with addresses', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(`module.exports = { onAsk() { for (;;) new URL('https://example.com/' + Math.random()) } }`),
  )
  await expect(plugin.call('onAsk', [])).rejects.toMatchObject({ code: /PLUGIN_(CRASHED|TIMEOUT)/ })
})
