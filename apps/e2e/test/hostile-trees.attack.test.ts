/** Component trees made to break the page, through the whole console, beside a widget that minds its own business. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { openConsole, type Problems, useConsole } from '../src/index.ts'

const stage = useConsole()
let context: BrowserContext | undefined

/** Sends records by hand: what remote-dom itself would never write. */
const byHand = `
  let port
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (...args) { port = this; return post.apply(this, args) }
  let sent = 0
  const mutate = (...records) => post.call(port, { id: 'h' + sent++, type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value: ['ui.mutate', [1, records]] }] })
  const batch = (calls, records) => post.call(port, { id: 'h' + sent++, type: 'APPLY', path: ['batch'], argumentList: [{ type: 'RAW', value: [['ui.mutate', Array.from({ length: calls }, () => [1, records])]] }] })
  const stack = (id, more) => ({ id, type: 1, element: 'm-stack', children: [], properties: {}, ...more })
  const text = (id, data) => ({ id, type: 3, data })
  const later = () => new Promise((resolve) => setTimeout(resolve, 20))
  const make = (name, properties, ...children) => { const element = document.createElement(name); Object.assign(element, properties); element.append(...children); return element }`

const names = [
  '__proto__',
  'constructor',
  'getElementById',
  'cookie',
  'forms',
  'body',
  'location',
  'defaultView',
]
const links = [
  'javascript:stolen=1',
  ' java\\nscript:stolen=1',
  'data:text/html,<script>stolen=1</script>',
  'blob:x',
  'vbscript:x',
]

/** Body of the widget, and what it is stopped for; `undefined` where it goes on and nothing of it is drawn. */
const trees: Readonly<Record<string, readonly [body: string, stopped: RegExp | undefined]>> = {
  'with more than 10,000 components': [
    `for (let part = 0; part < 12; part++) { mutate([0, '~', stack('p' + part, { children: Array.from({ length: 1000 }, (_, n) => stack('n' + part + '-' + n)) }), 0]) }`,
    /has more than 10000 components/,
  ],
  'with one node of 100,001 children': [
    `mutate([0, '~', stack('all', { children: Array.from({ length: 100001 }, (_, n) => ({ id: 'n' + n, type: 3, data: '' })) }), 0])`,
    undefined,
  ],
  'nested 300 deep in one record': [
    `let tree = stack('d300'); for (let depth = 299; depth > 0; depth--) tree = stack('d' + depth, { children: [tree] }); mutate([0, '~', tree, 0])`,
    undefined,
  ],
  'nested 300 deep, level by level': [
    `for (let depth = 0; depth < 300; depth++) { mutate([0, depth ? 'd' + (depth - 1) : '~', stack('d' + depth), 0]); if (depth % 50 === 0) await later() }`,
    /nested more than 200 levels deep/,
  ],
  'that holds three million characters': [
    `for (let part = 0; part < 6; part++) { mutate(...Array.from({ length: 50 }, (_, n) => [0, '~', text('t' + part + '-' + n, 'x'.repeat(10000)), 0])); await later() }`,
    /holds more than 2000000 characters/,
  ],
  'with one text of five megabytes': [`mutate([0, '~', text('long', 'x'.repeat(5e6)), 0])`, undefined],
  'that never stops to change': [
    // In batches, so that a page that is slow takes as many at a time.
    `mutate([0, '~', text('busy', ''), 0]); const change = () => { batch(8, Array.from({ length: 10000 }, () => [2, 'busy', 'x'])); setTimeout(change, 5) }; change()`,
    // A page too slow to draw them all sees a flood before it sees a tree that changes too much.
    /changes more than|without waiting for any answer/,
  ],
  'with 100,000 properties on one component': [
    `mutate([0, '~', stack('many', { properties: Object.fromEntries(Array.from({ length: 20000 }, (_, n) => ['data' + n, 'x'])), attributes: Object.fromEntries(Array.from({ length: 20000 }, (_, n) => ['onclick' + n, 'stolen=1'])) }), 0]); for (let part = 0; part < 20; part++) { mutate(...Array.from({ length: 3000 }, (_, n) => [3, 'many', 'style' + part + '-' + n, 'x', 2])); await later() }`,
    undefined,
  ],
  'whose parents are their own children': [
    `mutate([0, '~', stack('a', { children: [stack('b', { children: [stack('c')] })] }), 0]); mutate([0, 'c', stack('a'), 0], [0, 'b', stack('b'), 0], [0, 'c', stack('~'), 0], [0, 'c', stack('d', { children: [stack('d')] }), 0]); const loop = stack('loop'); loop.children.push(loop); try { mutate([0, '~', loop, 0]) } catch {}`,
    undefined,
  ],
  'that names things as the document does': [
    `const ids = ${JSON.stringify(names)}; mutate(...ids.map((id, n) => [0, '~', { id, type: 1, element: 'm-text-field', properties: { id, name: id, label: 'Field ' + n, key: id, slot: id }, attributes: { id, name: id }, children: [] }, 0])); for (const id of ids) root.append(make('m-text-field', { id, name: id, label: id }), make('m-text', { id }, id))`,
    undefined,
  ],
  'of links that are scripts': [
    `for (const href of ${JSON.stringify(links)}.map((link) => link.replace('\\\\n', '\\n'))) { root.append(make('m-link', { href }, 'link'), make('m-markdown', { source: '[link](' + href + ') ![x](' + href + ') <a href="' + href + '">x</a>' }), make('m-image', { src: href, alt: 'x' }), make('m-table', { label: 'T', columns: [{ id: 'a', header: 'A' }], rows: [{ id: 'r', cells: { a: { text: 'x', href } } }] })); mutate([0, '~', { id: 'k' + sent, type: 1, element: 'm-link', properties: { href }, attributes: { href }, children: [text('kt' + sent, 'link')] }, 0]) }`,
    undefined,
  ],
}

beforeAll(async () => {
  await install(
    'neighbor',
    'Neighbor',
    "let pressed = 0; const said = make('m-text', {}, 'pressed 0'); const button = make('m-button', {}, 'Press'); button.addEventListener('press', () => { said.textContent = 'pressed ' + ++pressed }); root.append(button, said)",
  )
})

afterEach(async () => {
  await context?.close()
  await stage.client.uninstall('hostile')
})

const install = (name: string, title: string, body: string) =>
  stage.client.install({
    manifest: {
      name,
      version: '1.0.0',
      displayName: title,
      description: 'Draws something.',
      type: 'extension',
      author: 'Mallory',
      permissions: ['read:sessions'],
      entrypoints: { ui: 'tree.js' },
      contributes: { widgets: [{ id: 'main', title, slot: 'dashboard.main' }] },
    },
    files: {
      'tree.js': `${byHand}
      export default { widgets: { async main({ root, api, log }) {
        root.append('drawn first')
        await api.sessions.list()
        ${body}
        await later()
        log.info('tried')
      } } }`,
    },
  })

/** What of the page a plugin must not have changed. */
function lookAround(page: Page): Promise<unknown> {
  return page.evaluate((ids) => {
    const frame = document.querySelector('[data-plugin="hostile"]')
    return {
      functions: [
        typeof document.getElementById,
        typeof document.querySelector,
        typeof document.createElement,
      ],
      forms: document.forms instanceof HTMLCollection,
      view: document.defaultView === window,
      body: document.body instanceof HTMLBodyElement,
      polluted: Object.keys(Object.getPrototypeOf({})),
      stolen: (window as unknown as Record<string, unknown>).stolen,
      ids: [...(frame?.querySelectorAll('[id], [name]') ?? [])].filter(
        (each) => ids.includes(each.id) || ids.includes(each.getAttribute('name') ?? ''),
      ).length,
      addresses: [...(frame?.querySelectorAll('[href], [src]') ?? [])]
        .map((each) => each.getAttribute('href') ?? each.getAttribute('src') ?? '')
        .filter((address) => /^\s*(java|vb|data|blob)/i.test(address)),
      attributes:
        Math.max(0, ...[...(frame?.querySelectorAll('*') ?? [])].map((each) => each.attributes.length)) < 40,
    }
  }, names)
}

/** The longest time in which the page did nothing for anybody else, from now on. */
const watchGaps = (page: Page) =>
  page.evaluateHandle(() => {
    const seen = { longest: 0, last: performance.now() }
    setInterval(() => {
      seen.longest = Math.max(seen.longest, performance.now() - seen.last)
      seen.last = performance.now()
    }, 5)
    return seen
  })

const untouched = {
  functions: ['function', 'function', 'function'],
  forms: true,
  view: true,
  body: true,
  polluted: [],
  stolen: undefined,
  ids: 0,
  addresses: [],
  attributes: true,
}

// Drawing as much as is allowed takes a busy machine a while.
test.each(Object.entries(trees))(
  'a tree %s hurts nobody',
  { timeout: 90_000 },
  async (what, [body, stopped]) => {
    await install('hostile', 'Hostile', body)
    let page: Page
    let problems: Problems
    ;({ page, context, problems } = await openConsole(stage.browser, stage.console))
    const gaps = await watchGaps(page)
    const hostile = page.getByRole('article', { name: 'Hostile' })
    if (stopped) {
      const alert = hostile.getByRole('alert')
      await alert.waitFor({ timeout: 40_000 })
      const said = await alert.textContent()
      expect(said).toContain('Hostile')
      expect(said).toMatch(stopped)
      expect(said).toMatch(/PAYLOAD_TOO_LARGE|PLUGIN_QUARANTINED/)
      expect(await hostile.getByText('drawn first').count()).toBe(0)
    } else {
      await stage.client.logLine('hostile', (message) => message === 'tried')
      await hostile.getByText('drawn first').waitFor()
    }
    // A person goes on with the widget beside it, and with the console.
    const neighbor = page.getByRole('article', { name: 'Neighbor' })
    await neighbor.getByRole('button', { name: 'Press' }).click()
    await neighbor.getByText('pressed 1').waitFor()
    console.log(`${what}: longest gap ${Math.round(await gaps.evaluate(({ longest }) => longest))} ms`)
    expect(await lookAround(page)).toEqual(untouched)
    expect(problems.errors).toEqual([])
    await page.getByRole('link', { name: 'Activity' }).click()
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
  },
)

test.each([
  [4500, 'm-text', '.m-w-text'],
  [1800, 'm-button', '.m-button'],
])(
  'a widget that draws %i %s within its caps holds up nobody',
  { timeout: 150_000 },
  async (total, element, drawnAs) => {
    await install(
      'hostile',
      'Hostile',
      `const many = Array.from({ length: ${total} }, (_, n) => ({ id: 'n' + n, type: 1, element: '${element}', properties: {}, children: [text('t' + n, 'x')] }))
      setTimeout(() => mutate([0, '~', stack('all', { children: many }), 0]), 1500)`,
    )
    let page: Page
    ;({ page, context } = await openConsole(stage.browser, stage.console))
    const neighbor = page.getByRole('article', { name: 'Neighbor' })
    await neighbor.getByRole('button', { name: 'Press' }).waitFor()
    await page.getByRole('article', { name: 'Hostile' }).getByText('drawn first').waitFor()
    const gaps = await watchGaps(page)
    const watch = await page.evaluateHandle((selector) => {
      const seen = { drawn: 0, most: 0 }
      const look = () => {
        const drawn = document.querySelectorAll(
          `[data-plugin="hostile"] .m-frame__content ${selector}`,
        ).length
        seen.most = Math.max(seen.most, drawn - seen.drawn)
        seen.drawn = drawn
        requestAnimationFrame(look)
      }
      look()
      return seen
    }, drawnAs)
    const drawn = () => watch.evaluate((seen) => seen.drawn)
    await expect.poll(drawn, { timeout: 30_000 }).toBeGreaterThan(100)
    // Somebody goes on with the widget beside it.
    await neighbor.getByRole('button', { name: 'Press' }).click()
    await neighbor.getByText('pressed 1').waitFor()
    await expect.poll(drawn, { timeout: 100_000, interval: 500 }).toBe(total)
    const longest = Math.round(await gaps.evaluate((seen) => seen.longest))
    const most = await watch.evaluate((seen) => seen.most)
    console.log(`${element}: longest gap ${longest} ms, at most ${most} drawn in a frame`)
    // How long a frame takes is the machine's, and how much is drawn in it, too. Without slices it is everything.
    expect(most).toBeLessThan(total / 2)
  },
)
