import { expect, it } from 'vitest'
import { checkConfig, coverSecrets, listHosts, listSecrets, uncoverSecrets } from './plugin-config.ts'

const schema = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'object',
  properties,
  ...more,
})

it("understands the type 'enum', which is not JSON Schema", () => {
  const level = schema({ level: { type: 'enum', enum: ['low', 'high'], default: 'low' } })
  expect(checkConfig(level, {})).toEqual({ config: { level: 'low' }, issues: [] })
  expect(checkConfig(level, { level: 'middle' }).issues).toMatchObject([{ pointer: '/level' }])
})

it('points at everything that is wrong, at once', () => {
  const given = schema(
    {
      url: { type: 'string', format: 'uri' },
      retries: { type: 'integer', minimum: 1 },
      tags: { type: 'array', items: { type: 'string' } },
    },
    { required: ['url', 'token'] },
  )
  const { issues } = checkConfig(given, { url: 'not a url', retries: 0, tags: ['a', 2] })
  expect(issues.map(({ pointer }) => pointer).sort()).toEqual(['/retries', '/tags/1', '/token', '/url'])
  expect(issues).toContainEqual({ pointer: '/token', message: 'is required but missing. Set it.' })
})

it('leaves the values it was given as they were', () => {
  const given = {}
  checkConfig(schema({ a: { default: 1 } }), given)
  expect(given).toEqual({})
})

it('stops a schema that would take for ever', () => {
  const hostile = schema({ text: { type: 'string', pattern: '^(a+)+$' } })
  const { issues } = checkConfig(hostile, { text: `${'a'.repeat(60)}!` })
  const refusal = { file: 'manifest.json', pointer: '/configSchema' }
  expect(issues).toMatchObject([{ ...refusal, message: expect.stringContaining('takes too long') }])
  const again = performance.now()
  expect(checkConfig(hostile, { text: `${'a'.repeat(60)}!` }).issues).toMatchObject([refusal])
  expect(performance.now() - again).toBeLessThan(500)
})

it.each([
  [{ type: 'nonsense' }],
  [{ properties: { a: { $ref: 'https://evil.example/schema.json' } } }],
  [{ properties: { a: { pattern: '(' } } }],
  [{ $ref: '#' }],
  [JSON.parse('{"properties": {"__proto__": {"type": "string", "default": "x"}}}')],
])('survives the schema %j', (hostile) => {
  checkConfig(hostile, { a: 'x' })
  expect(({} as Record<string, unknown>).default).toBeUndefined()
})

it('finds the hosts of addresses anywhere in a configuration', () => {
  const config = {
    hook: 'https://Hooks.Example.com/a',
    list: [{ to: 'http://10.0.0.1:8080/x' }, ' https://spaced.example '],
    same: 'https://hooks.example.com:443/b',
    user: 'https://name:word@third.example/',
    text: 'see https://not-alone.example',
    other: 'ftp://files.example',
  }
  expect(listHosts(config)).toEqual(['10.0.0.1:8080', 'hooks.example.com', 'spaced.example', 'third.example'])
})

it('covers what is secret by format or by name, at any depth', () => {
  const own = schema({
    pin: { type: 'string', format: 'password' },
    list: { items: schema({ pin: { format: 'password' } }) },
  })
  const config = {
    pin: '1234',
    list: [{ pin: '5678' }],
    auth: { accessToken: 'abcd', user: 'ada' },
    empty_secret: '',
  }
  const covered = coverSecrets(own, config)
  expect(covered).toEqual({
    pin: '***REDACTED***',
    list: [{ pin: '***REDACTED***' }],
    auth: { accessToken: '***REDACTED***', user: 'ada' },
    empty_secret: '',
  })
  expect(uncoverSecrets(covered, config)).toEqual(config)
  expect(listSecrets(own, config)).toEqual(expect.arrayContaining(['1234', '5678', 'abcd']))
})
