import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, vi } from 'vitest'
import { cleanHtml } from '../src/powers/email/clean-html.ts'
import { manifest, packFiles, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const templates = [
  { name: 'welcome', subject: 'Hello {{ user }}', text: 'mail/welcome.txt', html: 'mail/welcome.html' },
]
const files = {
  'mail/welcome.txt': 'Hi {{user}}, you have {{ count }} sessions.\n{{user}}',
  'mail/welcome.html':
    '<style>p{}</style><p title="{{user}}" style="color: red">Hi {{user}}</p><a href="{{link}}">open</a><a href={{link}}>bare</a>',
}
const plugin = (body: string, more: Record<string, string> = {}, email: object = { templates }) => ({
  'manifest.json': manifest({ permissions: ['read:sessions', 'email'], email }),
  'plugin.js': `
    const { email, storage } = streamspace
    const code = (work) => work.then(({ state }) => state, (error) => [error.code, error.data?.issues?.[0].pointer])
    const to = 'ada@example.com'
    module.exports = { async onSessionCreated() { const seen = []; ${body}; await storage.set('seen', seen) } }`,
  ...files,
  ...more,
})
async function run(host: TestServer): Promise<unknown> {
  await host.api('PUT', '/plugins/probe/email/recipients', { recipients: ['*@example.com'] })
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  const { body } = await host.api('POST', '/calls', { plugin: 'probe', calls: [['storage.get', ['seen']]] })
  return body.results[0].value
}
const outbox = async (host: TestServer) => (await host.api('GET', '/plugins/probe/email')).body.messages

it('fills in a template of the package, and takes a subject in place of its own', async () => {
  await using host = await startServer()
  const data = { user: 'Ada & <b>Bob</b>', count: 3, link: 'https://example.com/?a=1&b=2' }
  await host.add(
    plugin(`
      seen.push(await code(email.send({ to, template: 'welcome', data: ${JSON.stringify(data)} })))
      seen.push(await code(email.send({ to, template: 'welcome', subject: 'Other', data: ${JSON.stringify(data)} })))`),
  )
  expect(await run(host)).toEqual(['captured', 'captured'])
  const text = 'Hi Ada & <b>Bob</b>, you have 3 sessions.\nAda & <b>Bob</b>'
  expect(
    (await outbox(host)).map(({ subject, body }: { subject: string; body: string }) => [subject, body]),
  ).toEqual(
    expect.arrayContaining([
      ['Hello Ada & <b>Bob</b>', text],
      ['Other', text],
    ]),
  )
})

it('lets data be nothing but text: no header, no element, no attribute, no second name', async () => {
  await using host = await startServer()
  const html = { templates: [{ name: 'h', subject: 's', text: 'mail/h.txt', html: 'mail/h.html' }] }
  const values = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    'x onmouseover=alert(1)',
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '{{other}}',
    '$& $1 $`',
    '</a><form action=https://evil.example><input name=password>',
    '&#106;avascript:alert(1)',
    '--><iframe src=//evil.example>',
  ]
  // What is sent is what the database keeps.
  const shown = `{{v}}<p title="{{v}}">{{v}}</p><a href="{{v}}">a</a><a href={{v}}>b</a><!-- {{v}} -->{{other}}`
  await host.add(
    plugin(
      `for (const v of ${JSON.stringify(values)}) seen.push(await code(email.send({ to, template: 'h', data: { v, other: 'SECOND' } })))`,
      { 'mail/h.txt': '', 'mail/h.html': shown },
      html,
    ),
  )
  expect(await run(host)).toEqual(values.map(() => 'captured'))
  await host.server.close()
  const database = new DatabaseSync(join(host.dataDir, 'mortise.db'), { readOnly: true })
  const rows = database.prepare('select message from mortise_email').all() as { message: string }[]
  database.close()
  expect(rows).toHaveLength(values.length)
  for (const { message } of rows) {
    const sent = (JSON.parse(message) as { html: string }).html
    // Elements and attributes are those of the template, whatever the values are.
    const found = [...sent.matchAll(/<\/?([a-z]+)((?:\s[^>]*)?)>/gi)].map(([, name, attributes = '']) => [
      name,
      [...attributes.replace(/"[^"]*"/g, '').matchAll(/([a-z-]+)=?/gi)]
        .map(([, attribute]) => attribute)
        .join(),
    ])
    for (const [name, attributes] of found) {
      expect(['p', 'a']).toContain(name)
      expect(['', 'title', 'href']).toContain(attributes)
    }
    for (const [, link = ''] of sent.matchAll(/href="([^"]*)"/g)) {
      // As a reader of mail takes it: the entities of the attribute, then the address.
      const address = link.replace(/&(?:quot|lt|gt);/g, '').replaceAll('&amp;', '&')
      expect(['https:', 'http:', 'mailto:']).toContain(new URL(address, 'https://base.example').protocol)
    }
    expect(sent.match(/SECOND/g)).toHaveLength(1)
  }
})

it('refuses what is no email once it is filled in, and templates and names that there are not', async () => {
  await using host = await startServer()
  const good = { user: 'ada', count: 1, link: 'https://example.com' }
  const wrong: [object, string][] = [
    [{ template: 'welcome', data: { ...good, user: 'a\r\nBcc: eve@evil.example' } }, '/subject'],
    [{ template: 'welcome', data: { ...good, user: 'a\u2028b' } }, '/subject'],
    [{ template: 'welcome', data: { ...good, user: 'x'.repeat(200) } }, '/subject'],
    [{ template: 'welcome', data: { ...good, user: 'x'.repeat(10_001) } }, '/data/user'],
    [{ template: 'welcome', data: { ...good, user: { toString: 'x' } } }, '/data/user'],
    [{ template: 'welcome', data: { ...good, user: ['x'] } }, '/data/user'],
    [{ template: 'welcome', data: { ...good, user: null } }, '/data/user'],
    [{ template: 'welcome', data: { user: 'ada', count: 1 } }, '/data/link'],
    [{ template: 'welcome', data: { ...good, extra: 1 } }, '/data/extra'],
    [{ template: 'welcome', data: { ...good, toString: 1 } }, '/data/toString'],
    [{ template: 'welcome' }, '/data/user'],
    [{ template: 'welcome', data: [] }, '/data'],
    [{ template: 'welcome', data: good, text: 'mine' }, '/text'],
    [{ template: 'welcome', data: good, subject: 'a\nb' }, '/subject'],
    [{ template: 'welcome', data: good, headers: { Bcc: 'x' } }, '/headers'],
    [{ template: 'missing', data: good }, '/template'],
    [{ template: '__proto__', data: good }, '/template'],
    [{ template: 'toString', data: good }, '/template'],
    [{ template: '../welcome', data: good }, '/template'],
    [{ template: { name: 'welcome' }, data: good }, '/template'],
    [{ subject: 's', text: 't', data: good }, '/data'],
    [{ subject: 's', html: '<script>alert(1)</script>' }, '/html'],
  ]
  const list = JSON.stringify(wrong.map(([message]) => message))
  await host.add(plugin(`for (const one of ${list}) seen.push(await code(email.send({ to, ...one })))`))
  const seen = (await run(host)) as unknown[]
  expect(seen.map((one, index) => [wrong[index]?.[0], one])).toEqual(
    wrong.map(([message, pointer]) => [message, ['INPUT_INVALID', `/0${pointer}`]]),
  )
  expect(await outbox(host)).toEqual([])
})

it('refuses packages whose templates could not be filled in', async () => {
  await using host = await startServer()
  const one = templates[0]!
  for (const [email, more, code] of [
    [{ templates: [one, one] }, {}, 'MANIFEST_INVALID'],
    [{ templates: [{ ...one, subject: 'a\nb' }] }, {}, 'MANIFEST_INVALID'],
    [{ templates: [{ ...one, text: '../../secret-key' }] }, {}, 'MANIFEST_INVALID'],
    [{ templates: [{ ...one, text: 'plugin.js' }] }, {}, 'MANIFEST_INVALID'],
    [{ templates: [{ ...one, html: '/etc/motd.html' }] }, {}, 'MANIFEST_INVALID'],
    [{ templates: [{ ...one, text: 'mail/none.txt' }] }, {}, 'ENTRYPOINT_NOT_FOUND'],
    [{ templates: [{ ...one, subject: 'Hi {{user.name}}' }] }, {}, 'PACKAGE_INVALID'],
    [{ templates }, { 'mail/welcome.txt': '{{#if user}}x{{/if}}' }, 'PACKAGE_INVALID'],
    [{ templates }, { 'mail/welcome.txt': '{{__proto__}}' }, 'PACKAGE_INVALID'],
    [{ templates }, { 'mail/welcome.html': 'x'.repeat(200_001) }, 'PACKAGE_INVALID'],
  ] as const) {
    const { status, body } = await host.upload(packFiles(plugin('', more, email)))
    expect([email, more, status, body.code]).toEqual([email, more, 400, code])
  }
})

it('leaves of HTML what can be read: nothing that runs, asks or fetches', async () => {
  const good =
    '<table width="100%"><tr><td align="center" style="color:#123456;padding:4px 8px;font-family:\'Segoe UI\', sans-serif">Hi <b>Ada</b> <a href="https://example.com/?a=1&amp;b=2">open</a></td></tr></table>'
  expect(await cleanHtml(good)).toBe(good)
  for (const [html, wanted] of [
    ['<script>alert(1)</script>a', 'a'],
    ['<style>@import "https://evil.example"</style>a', 'a'],
    ['<img src="https://evil.example/pixel?d=secret">a', 'a'],
    ['<img src="//evil.example/x">a', 'a'],
    ['<img src="cid:x" srcset="https://evil.example/x 2x">a', 'a'],
    ['<img src="data:image/svg+xml;base64,AAAA">a', 'a'],
    ['<img src="data:image/png;base64,AAAA" onload="x()">', '<img src="data:image/png;base64,AAAA" />'],
    ['<p onclick="x()" id="y" class="z">a</p>', '<p>a</p>'],
    ['<a href="javascript:x()">a</a>', '<a>a</a>'],
    ['<a href=" java&#9;script:x()">a</a>', '<a>a</a>'],
    ['<a href="//evil.example">a</a>', '<a>a</a>'],
    ['<form action="https://evil.example"><input name="p"><button>a</button></form>', 'a'],
    ['<iframe src="https://evil.example"></iframe><object data="x"></object><embed src="x">a', 'a'],
    ['<link rel="stylesheet" href="https://evil.example"><meta http-equiv="refresh" content="0">a', 'a'],
    ['<base href="https://evil.example"><svg onload="x()"><a href="x">a</a></svg>', '<a href="x">a</a>'],
    ['<p style="background-image:url(https://evil.example)">a</p>', '<p>a</p>'],
    ['<p style="color:url(https://evil.example)">a</p>', '<p>a</p>'],
    ['<p style="color:u\\72l(https://evil.example)">a</p>', '<p>a</p>'],
    ['<p style="position:fixed;color:red">a</p>', '<p style="color:red">a</p>'],
    ['<td background="https://evil.example">a</td>', '<td>a</td>'],
    ['<!--[if mso]><script>x</script><![endif]-->a', 'a'],
  ]) {
    expect([html, await cleanHtml(html!)]).toEqual([html, wanted])
  }
})
