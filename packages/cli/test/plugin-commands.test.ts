import { join } from 'node:path'
import type { PluginRecord } from '@mortise/contract'
import { type RunningConsole, startConsole } from '@mortise/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { pluginFolder } from './plugin-folder.ts'
import { command, config, type Outcome, runMortise } from './run-mortise.ts'

let server: RunningConsole
const mortise = (...args: string[]): Promise<Outcome> => runMortise(args, { env: server.env })

beforeAll(async () => {
  server = await startConsole({ command, config })
})
afterAll(() => server?.stop())
afterEach(async () => {
  const { plugins } = await api<{ plugins: PluginRecord[] }>('/plugins')
  for (const { id } of plugins) await mortise('plugin', 'uninstall', id, '--yes')
})

/** What the server itself says, so that no test believes the command's own words. */
async function api<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return (await response.json()) as T
}

test('installs a folder, approves all with --yes and enables it', async () => {
  await using plugin = await pluginFolder()
  const { code, stdout } = await mortise('plugin', 'install', plugin.dir, '--yes')
  expect(stdout).toContain('high    Change or delete notes (write:notes)')
  expect(stdout).toContain('low     Read notes (read:notes)')
  expect(stdout.indexOf('write:notes')).toBeLessThan(stdout.indexOf('read:notes'))
  expect(code).toBe(0)
  const record = await api<PluginRecord>('/plugins/notebook')
  expect(record).toMatchObject({ enabled: true, status: 'active', version: '1.0.0' })
  expect(record.permissions.map(({ decision }) => decision)).toEqual(['granted', 'granted'])
})

test('installs a package file, and --json prints the plugin and nothing else', async () => {
  await using plugin = await pluginFolder()
  await mortise('package', plugin.dir, '--out', plugin.dir)
  const file = join(plugin.dir, 'notebook-1.0.0.mortise')
  const { code, stdout } = await mortise('plugin', 'install', file, '--yes', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ id: 'notebook', status: 'active' })
  const again = await mortise('plugin', 'install', file, '--yes', '--json')
  expect(again.code).toBe(1)
  expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'PLUGIN_ALREADY_INSTALLED' } })
})

test('a package that is not one is refused by the server, and nothing is stored', async () => {
  await using plugin = await pluginFolder({}, { 'evil.mortise': 'not a zip' })
  const { code, stderr } = await mortise('plugin', 'install', join(plugin.dir, 'evil.mortise'), '--yes')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^PACKAGE_INVALID: /)
  expect((await api<{ plugins: unknown[] }>('/plugins')).plugins).toEqual([])
})

test('rolls back to the version before and forth again, and says what a UI shares', async () => {
  const ui = { entrypoints: { ui: 'ui.js' }, permissions: [] }
  const files = { 'ui.js': 'export default { widgets: {} }' }
  await using first = await pluginFolder({ ...ui, version: '1.0.0' }, files)
  await using second = await pluginFolder({ ...ui, version: '1.1.0' }, files)
  const installed = await mortise('plugin', 'install', first.dir, '--yes')
  expect(installed.stdout).toContain('Shares nothing with the sandbox')
  const early = await mortise('plugin', 'rollback', 'notebook')
  expect(early.code).toBe(1)
  expect(early.stderr).toMatch(/^PLUGIN_NO_PREVIOUS: notebook 1\.0\.0 is the only version here/)

  await mortise('plugin', 'install', second.dir, '--yes')
  const back = await mortise('plugin', 'rollback', 'notebook')
  expect(back.stdout).toContain('notebook went from 1.1.0 back to 1.0.0.')
  expect(await api('/plugins/notebook')).toMatchObject({ version: '1.0.0', status: 'active' })
  const forth = await mortise('plugin', 'rollback', 'notebook', '--json')
  expect(JSON.parse(forth.stdout)).toMatchObject({ version: '1.1.0', previousVersion: '1.0.0' })
})

test('denies what --deny names and approves the rest', async () => {
  await using plugin = await pluginFolder()
  const { code } = await mortise('plugin', 'install', plugin.dir, '--yes', '--deny', 'write:notes')
  expect(code).toBe(0)
  const { permissions } = await api<PluginRecord>('/plugins/notebook')
  expect(Object.fromEntries(permissions.map(({ name, decision }) => [name, decision]))).toEqual({
    'read:notes': 'granted',
    'write:notes': 'denied',
  })
})

test('without --yes and without a person, leaves the plugin undecided and says so with code 1', async () => {
  await using plugin = await pluginFolder()
  const { code, stderr } = await mortise('plugin', 'install', plugin.dir)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^PLUGIN_APPROVAL_REQUIRED: notebook is installed/)
  expect(stderr).toContain('mortise plugin grant')
  expect(await api('/plugins/notebook')).toMatchObject({ enabled: false, status: 'awaiting-approval' })
})

test('grant and revoke change what the server decided', async () => {
  await using plugin = await pluginFolder()
  await mortise('plugin', 'install', plugin.dir, '--yes', '--deny', 'write:notes')
  expect((await mortise('plugin', 'grant', 'notebook', 'write:notes')).code).toBe(0)
  expect((await mortise('plugin', 'grant', 'notebook', 'read:notes', '--revoke')).code).toBe(0)
  const { permissions } = await api<PluginRecord>('/plugins/notebook')
  expect(Object.fromEntries(permissions.map(({ name, decision }) => [name, decision]))).toEqual({
    'read:notes': 'denied',
    'write:notes': 'granted',
  })
})

test('disable and enable switch the plugin', async () => {
  await using plugin = await pluginFolder()
  await mortise('plugin', 'install', plugin.dir, '--yes')
  await mortise('plugin', 'disable', 'notebook')
  expect(await api('/plugins/notebook')).toMatchObject({ enabled: false, status: 'disabled' })
  await mortise('plugin', 'enable', 'notebook')
  expect(await api('/plugins/notebook')).toMatchObject({ enabled: true, status: 'active' })
})

const configurable = {
  configSchema: {
    type: 'object',
    properties: {
      webhookUrl: { type: 'string', format: 'uri', description: 'Where messages go' },
      retries: { type: 'integer', default: 3 },
    },
    required: ['webhookUrl'],
  },
}

test('says what to configure, approves hosts with --yes only, and enables what waited for it', async () => {
  await using plugin = await pluginFolder(configurable)
  const installed = await mortise('plugin', 'install', plugin.dir, '--yes')
  expect(installed.code).toBe(0)
  expect(installed.stdout).toContain('mortise plugin configure notebook --set webhookUrl=…')

  const url = 'https://hooks.example.com/services/abc'
  const refused = await mortise('plugin', 'configure', 'notebook', '--set', `webhookUrl=${url}`)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/^PLUGIN_HOST_APPROVAL_REQUIRED: .*hooks\.example\.com/)
  expect(refused.stderr).toContain('--yes')
  expect((await api<PluginRecord>('/plugins/notebook')).hosts).toEqual([])

  const set = ['--set', `webhookUrl=${url}`, '--set', 'retries=5']
  const { code } = await mortise('plugin', 'configure', 'notebook', ...set, '--yes')
  expect(code).toBe(0)
  const record = await api<PluginRecord>('/plugins/notebook')
  expect(record).toMatchObject({ enabled: true, status: 'active', config: { webhookUrl: url, retries: 5 } })
  expect(record.hosts).toMatchObject([{ host: 'hooks.example.com', decision: 'granted' }])

  const shown = await mortise('plugin', 'configure', 'notebook')
  expect(shown.stdout).toMatch(/webhookUrl\s+string\s+yes\s+"https:\/\/hooks\.example\.com/)
})

test('a setting that does not fit the schema is refused with its pointer', async () => {
  await using plugin = await pluginFolder(configurable)
  await mortise('plugin', 'install', plugin.dir, '--yes')
  const { code, stderr } = await mortise('plugin', 'configure', 'notebook', '--set', 'retries=1.5')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^PLUGIN_CONFIG_INVALID: /)
  expect(stderr).toContain('#/retries')
})

test('lists plugins as a table and as JSON', async () => {
  await using plugin = await pluginFolder()
  expect((await mortise('plugin', 'list')).stdout).toContain('No plugin is installed.')
  await mortise('plugin', 'install', plugin.dir, '--yes')
  expect((await mortise('plugin', 'list')).stdout).toMatch(/notebook\s+1\.0\.0\s+extension\s+active\s+2 of 2/)
  const { stdout } = await mortise('plugin', 'list', '--json')
  expect(JSON.parse(stdout)).toMatchObject([{ id: 'notebook', status: 'active' }])
})

test('uninstall asks, takes --yes for an answer, and the plugin is gone', async () => {
  await using plugin = await pluginFolder()
  await mortise('plugin', 'install', plugin.dir, '--yes')
  const asked = await mortise('plugin', 'uninstall', 'notebook')
  expect(asked.code).toBe(2)
  expect(asked.stderr).toContain('--yes')
  expect((await api<{ plugins: unknown[] }>('/plugins')).plugins).toHaveLength(1)
  expect((await mortise('plugin', 'uninstall', 'notebook', '--yes')).code).toBe(0)
  expect((await api<{ plugins: unknown[] }>('/plugins')).plugins).toEqual([])
})

test('logs of a plugin that said nothing, and of one that is not there', async () => {
  await using plugin = await pluginFolder()
  await mortise('plugin', 'install', plugin.dir, '--yes')
  expect((await mortise('plugin', 'logs', 'notebook')).code).toBe(0)
  const { code, stderr } = await mortise('plugin', 'logs', 'nobody')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^PLUGIN_NOT_FOUND: /)
  expect(stderr).not.toMatch(/ at .*\.ts/)
})

test('deliveries that were given up are listed and replayed', async () => {
  const source = "module.exports = { 'note.added': () => { throw new Error('no such channel') } }"
  await using plugin = await pluginFolder(
    { type: 'webhook', permissions: ['read:notes'], entrypoints: { main: 'index.js' } },
    { 'index.js': source },
  )
  await mortise('plugin', 'install', plugin.dir, '--yes')
  const event = { event_type: 'note.added', data: { text: 'milk' } }
  await api('/events', event)
  const listed = await until(
    () => mortise('plugin', 'deliveries', 'notebook', '--state', 'dead'),
    'note.added',
  )
  expect(listed.stdout).toContain('PLUGIN_THREW')
  expect(listed.stdout).toContain('0 waiting, 1 given up.')
  const { deliveries } = JSON.parse((await mortise('plugin', 'deliveries', 'notebook', '--json')).stdout)
  const { id, cursor } = deliveries[0]

  const one = await mortise('plugin', 'replay', 'notebook', '--id', String(id))
  expect(one).toMatchObject({ code: 0, stdout: '1 delivery starts over.\n' })
  await until(() => mortise('plugin', 'deliveries', 'notebook', '--state', 'dead'), 'note.added')
  const dead = await mortise('plugin', 'replay', 'notebook', '--dead', '--json')
  expect(JSON.parse(dead.stdout)).toEqual({ name: 'notebook', replayed: 1 })
  await until(() => mortise('plugin', 'deliveries', 'notebook', '--state', 'dead'), 'note.added')
  const since = await mortise('plugin', 'replay', 'notebook', '--from', cursor)
  expect(since.stdout).toContain(`1 delivery starts over. The log was read from ${cursor}`)
})

test('a replay that does not say what to replay is refused', async () => {
  const wrong: readonly (readonly string[])[] = [
    [],
    ['--dead', '--from', '1'],
    ['--to', '5'],
    ['--id', 'first'],
  ]
  for (const options of wrong) {
    expect((await mortise('plugin', 'replay', 'notebook', ...options)).code).toBe(2)
  }
})

/** Asks until the answer holds the text. */
async function until(ask: () => Promise<Outcome>, text: string): Promise<Outcome> {
  for (;;) {
    const outcome = await ask()
    if (outcome.stdout.includes(text)) return outcome
  }
}

test('a name the catalog does not have is refused, a --deny of nothing too', async () => {
  const none = await mortise('plugin', 'install', 'nobody', '--yes')
  expect(none.code).toBe(1)
  expect(none.stderr).toMatch(/^PLUGIN_NOT_FOUND: /)
  await using plugin = await pluginFolder()
  const deny = await mortise('plugin', 'install', plugin.dir, '--yes', '--deny', 'admin')
  expect(deny.code).toBe(2)
  expect(deny.stderr).toContain('It asks for write:notes, read:notes.')
  expect(await api('/plugins/notebook')).toMatchObject({ status: 'awaiting-approval' })
})

test('a wrong token is refused with what to do', async () => {
  const wrong = await runMortise(['plugin', 'list'], {
    env: { ...server.env, MORTISE_ADMIN_TOKEN: 'not-the-token' },
  })
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toMatch(/^UNAUTHENTICATED: /)
})

test('the terminal of whoever installs a plugin is safe from its texts', async () => {
  const hostile = 'Nice\u001b[2J\u001b]0;owned\u0007\u202e'
  await using plugin = await pluginFolder({ displayName: hostile, permissions: ['\u001b[31mread'] })
  const { stdout, stderr } = await mortise('plugin', 'install', plugin.dir, '--yes')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not arrive.
  expect(stdout + stderr).not.toMatch(/[\u001b\u0007\u202e]/)
})

test('stores a secret from standard input, shows that it is set and never what it is', async () => {
  const secrets = [{ name: 'API_KEY', description: 'Key of the service' }]
  await using plugin = await pluginFolder({ secrets })
  await mortise('plugin', 'install', plugin.dir, '--yes')
  const input = 'sk-live-0123456789\n'
  const stored = await runMortise(['plugin', 'secret', 'notebook', '--set', 'API_KEY'], {
    env: server.env,
    input,
  })
  expect(stored).toMatchObject({ code: 0, stdout: 'API_KEY is stored.\n' })
  const list = await mortise('plugin', 'secret', 'notebook')
  expect(list.stdout).toMatch(/API_KEY +yes +\S+ +Key of the service/)
  const everything = [stored, list, await mortise('plugin', 'secret', 'notebook', '--json')]
  expect(JSON.stringify(everything)).not.toContain('0123456789')
  expect(await api('/plugins/notebook')).toMatchObject({ secrets: [{ name: 'API_KEY', isSet: true }] })
  await mortise('plugin', 'secret', 'notebook', '--unset', 'API_KEY')
  expect(await api('/plugins/notebook')).toMatchObject({ secrets: [{ name: 'API_KEY', isSet: false }] })
})

test('stores no secret without a value, and none that the plugin does not declare', async () => {
  await using plugin = await pluginFolder({ secrets: [{ name: 'API_KEY' }] })
  await mortise('plugin', 'install', plugin.dir, '--yes')
  const empty = await mortise('plugin', 'secret', 'notebook', '--set', 'API_KEY')
  expect(empty.stderr).toContain('no value for API_KEY')
  expect(empty.code).not.toBe(0)
  const args = ['plugin', 'secret', 'notebook', '--set', 'API_KEYS']
  const unknown = await runMortise(args, { env: server.env, input: 'x' })
  expect(unknown.stderr).toMatch(/^INPUT_INVALID: notebook declares no secret 'API_KEYS'/)
})

test('shows scheduled work and runs it now', async () => {
  const scheduler = { jobs: [{ name: 'sweep', schedule: 'daily' }] }
  const fields = { type: 'webhook', entrypoints: { main: 'index.js' }, permissions: ['scheduler'], scheduler }
  await using plugin = await pluginFolder(fields, { 'index.js': 'module.exports = { jobs: { sweep() {} } }' })
  await mortise('plugin', 'install', plugin.dir, '--yes')
  expect((await mortise('plugin', 'jobs', 'notebook')).stdout).toMatch(/sweep +daily +\S+Z +not yet/)
  const { stdout, code } = await mortise('plugin', 'jobs', 'notebook', '--run', 'sweep', '--json')
  expect(JSON.parse(stdout)).toMatchObject([{ name: 'sweep', runs: 1, lastError: null }])
  expect(code).toBe(0)
})

test('decides whom a plugin may write to', async () => {
  const fields = { type: 'webhook', entrypoints: { main: 'index.js' }, permissions: ['email'] }
  const email = { recipients: ['*@example.com'] }
  await using plugin = await pluginFolder({ ...fields, email }, { 'index.js': 'module.exports = {}' })
  await mortise('plugin', 'install', plugin.dir, '--yes')
  expect((await mortise('plugin', 'email', 'notebook')).stdout).toContain(
    'notebook may write to nobody.\nIt also asks for *@example.com.',
  )
  const more = ['--allow', '*@example.com', '--allow', 'boss@partner.example', '--json']
  const { stdout } = await mortise('plugin', 'email', 'notebook', ...more)
  expect(JSON.parse(stdout).allowed).toEqual(['*@example.com', 'boss@partner.example'])
  await mortise('plugin', 'email', 'notebook', '--remove', '*@example.com')
  expect(await api('/plugins/notebook/email')).toMatchObject({ allowed: ['boss@partner.example'] })
})

/** A theme package whose muted text can hardly be read. */
function themeFolder(text: string) {
  const manifest = {
    name: 'theme-faint',
    displayName: 'Faint',
    type: 'theme',
    permissions: ['read:notes'],
    entrypoints: { theme: 't.json' },
  }
  const color = (hex: string) => ({ $type: 'color', $value: hex })
  const document = { color: { surface: { page: color('#fdf6ec') }, text: { muted: color(text) } } }
  return pluginFolder(manifest, { 't.json': JSON.stringify(document) })
}

test('says that a theme is hard to read before it is approved, and what a repair would do', async () => {
  await using theme = await themeFolder('#b0a89c')
  const { code, stdout } = await mortise('plugin', 'install', theme.dir, '--yes')
  expect(code).toBe(0)
  expect(stdout).toMatch(/Warning: Faint has \d+ pairs of colors that are hard to read:/)
  expect(stdout).toMatch(
    / {2}color\.text\.muted on color\.accent\.soft \(selected row; light\): 2\.\d\d of 4\.5:1, Lc \d+ of 45/,
  )
  expect(stdout).toMatch(/A repair changes \d+ colors; then every pair passes\./)
  expect(stdout.indexOf('Warning')).toBeLessThan(stdout.indexOf('It asks for'))

  const granted = await mortise('plugin', 'grant', 'theme-faint', 'read:notes')
  expect(granted.stdout).toContain('Warning: Faint has')
  const revoked = await mortise('plugin', 'grant', 'theme-faint', 'read:notes', '--revoke')
  expect(revoked.stdout).toBe('Denied read:notes for theme-faint.\n')
})

test('--json lists every failing pair of a theme, and none of one that can be read', async () => {
  await using faint = await themeFolder('#b0a89c')
  const { stdout } = await mortise('plugin', 'install', faint.dir, '--yes', '--json')
  const { id, contrast } = JSON.parse(stdout)
  expect(id).toBe('theme-faint')
  expect(contrast).toMatchObject([{ theme: 'theme-faint', label: 'Faint', repair: { left: 0 } }])
  expect(contrast[0].failures.length).toBeGreaterThan(4)
  expect(contrast[0].failures).toContainEqual(
    expect.objectContaining({
      foreground: 'color.text.muted',
      background: 'color.accent.soft',
      where: 'light',
      leastRatio: 4.5,
    }),
  )
  await mortise('plugin', 'uninstall', 'theme-faint', '--yes')

  await using plain = await themeFolder('#55504a')
  const fine = await mortise('plugin', 'install', plain.dir, '--yes', '--json')
  const [measured] = JSON.parse(fine.stdout).contrast
  const muted = measured.failures.filter(
    ({ foreground }: { foreground: string }) => foreground === 'color.text.muted',
  )
  expect(muted).toEqual([])
})
