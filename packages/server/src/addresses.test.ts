import { describe, expect, it } from 'vitest'
import { checkFrameOrigin, checkPublicUrl, readAddresses } from './addresses.ts'
import { createOrigins } from './origins.ts'

it.each([
  ['https://mortise.example.com', 'https://mortise.example.com'],
  ['https://Mortise.Example.com:443/', 'https://mortise.example.com'],
  ['http://intranet:8080', 'http://intranet:8080'],
])('takes %s as the address of the console', (given, origin) => {
  expect(checkPublicUrl('MORTISE_PUBLIC_URL', given)).toBe(origin)
})

it.each([
  'mortise.example.com',
  'https://mortise.example.com/console',
  'https://mortise.example.com/?x',
  'https://user:password@mortise.example.com',
  'ftp://mortise.example.com',
  'https://*.example.com',
  'javascript:alert(1)',
  '',
])('refuses %j as the address of the console', (given) => {
  expect(() => checkPublicUrl('MORTISE_PUBLIC_URL', given)).toThrow(/^MORTISE_PUBLIC_URL must be/)
})

it.each([
  ['https://{plugin}.plugins.example.com', 'https://{plugin}.plugins.example.com'],
  ['https://{plugin}.Plugins.example.com:443/', 'https://{plugin}.plugins.example.com'],
  ['http://{plugin}.localhost:4780', 'http://{plugin}.localhost:4780'],
  ['https://plugins.example.com', 'https://plugins.example.com'],
])('takes %s as the address of frames', (given, origin) => {
  expect(checkFrameOrigin('MORTISE_FRAME_ORIGIN', given)).toBe(origin)
})

it.each([
  'https://{plugin}',
  'https://{plugin}.',
  'https://{plugin}.10.0.0.1',
  'https://{plugin}-x.example.com',
  'https://x-{plugin}.example.com',
  'https://a.{plugin}.example.com',
  'https://{plugin}.{plugin}.example.com',
  'https://example.com/{plugin}',
  'https://{name}.example.com',
  'https://*.example.com',
  'https://{plugin}.example.com/frames',
  "https://{plugin}.example.com; script-src 'unsafe-inline'",
  '{plugin}.example.com',
])('refuses %j as the address of frames', (given) => {
  expect(() => checkFrameOrigin('MORTISE_FRAME_ORIGIN', given)).toThrow(/^MORTISE_FRAME_ORIGIN must be/)
})

describe('both together', () => {
  const main = 'https://mortise.example.com'

  it.each([
    ['https://{plugin}.example.com', "must not stand for the console's own host"],
    ['https://mortise.example.com', "must not stand for the console's own host"],
    ['https://mortise.example.com:8443', "must not stand for the console's own host"],
    ['http://{plugin}.plugins.example.com', 'must start with https://'],
  ])('are refused where frames are at %s', (frameOrigin, words) => {
    expect(() => readAddresses({ publicUrl: main, frameOrigin }, {})).toThrow(words)
  })

  it('come from the configuration of the host where the environment says nothing', () => {
    const config = { publicUrl: main, frameOrigin: 'https://{plugin}.plugins.example.com' }
    expect(readAddresses({}, config)).toEqual(config)
    expect(readAddresses({ publicUrl: 'https://other.example' }, config)).toEqual({
      ...config,
      publicUrl: 'https://other.example',
    })
    expect(() => readAddresses({}, { publicUrl: 'nowhere' })).toThrow('publicUrl must be')
  })
})

describe('the hosts that follow', () => {
  it('are names below localhost where nothing was said', () => {
    const origins = createOrigins(4780)
    expect(origins.frameOrigin('chart')).toBe('http://chart.localhost:4780')
    expect(origins.frameSources).toEqual([
      'http://localhost:4780/sandbox/',
      'http://*.localhost:4780/sandbox/',
    ])
    expect(origins.isPluginHost('chart.localhost:4780')).toBe(true)
    expect(origins.isHostOf('chart', 'other.localhost:4780')).toBe(false)
  })

  it('are one name for each plugin', () => {
    const origins = createOrigins(4780, {
      publicUrl: 'https://mortise.example.com',
      frameOrigin: 'https://{plugin}.plugins.example.com',
    })
    expect(origins.main).toBe('https://mortise.example.com')
    expect(origins.frameOrigin('chart')).toBe('https://chart.plugins.example.com')
    expect(origins.frameSources).toEqual([
      'https://mortise.example.com/sandbox/',
      'https://*.plugins.example.com/sandbox/',
    ])
    expect(origins.isHostOf('chart', 'Chart.plugins.example.com')).toBe(true)
    expect(origins.isHostOf('chart', 'other.plugins.example.com')).toBe(false)
    for (const host of [
      'plugins.example.com',
      'a.b.plugins.example.com',
      'chart.plugins.example.com:8080',
      'chart.pluginsxexample.com',
      'chart.plugins.example.com.evil.example',
      'chart.localhost:4780',
      `${'x'.repeat(64)}.plugins.example.com`,
      '-.plugins.example.com',
    ])
      expect(origins.isPluginHost(host), host).toBe(false)
    expect(origins.isMainHost('mortise.example.com')).toBe(true)
    expect(origins.isMainHost('localhost:4780'), 'for the command line and health checks').toBe(true)
    expect(origins.isOwnOrigin('https://mortise.example.com')).toBe(true)
    for (const origin of [
      'http://localhost:4780',
      'http://mortise.example.com',
      'https://chart.plugins.example.com',
      'null',
    ])
      expect(origins.isOwnOrigin(origin), origin).toBe(false)
  })

  it('are one name for all, or that of the console, where there are no others', () => {
    const publicUrl = 'https://mortise.example.com'
    const shared = createOrigins(4780, { publicUrl, frameOrigin: 'https://plugins.example.com' })
    expect(shared.frameSources).toEqual([`${publicUrl}/sandbox/`, 'https://plugins.example.com/sandbox/'])
    expect(shared.frameOrigin('chart')).toBe('https://plugins.example.com')
    expect(shared.isHostOf('chart', 'plugins.example.com')).toBe(true)
    const own = createOrigins(4780, { publicUrl })
    expect(own.frameSources).toEqual([`${publicUrl}/sandbox/`])
    expect(own.frameOrigin('chart')).toBe(publicUrl)
    expect(own.isPluginHost('chart.mortise.example.com')).toBe(false)
  })
})
