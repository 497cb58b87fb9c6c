import { expect, it } from 'vitest'
import { readSettings } from './settings.ts'

it('has a default for everything', () => {
  expect(readSettings({}, '/srv')).toEqual({
    port: 4780,
    dataDir: '/srv/.mortise',
    adminToken: undefined,
    allowPrivateHosts: [],
    logLevel: 'info',
  })
})

it('reads every variable', () => {
  const env = {
    MORTISE_PORT: '0',
    MORTISE_DATA_DIR: 'data',
    MORTISE_ADMIN_TOKEN: 'long-enough',
    MORTISE_ALLOW_PRIVATE_HOSTS: ' 127.0.0.1:9000, Hooks.Internal ',
    MORTISE_LOG_LEVEL: 'warn',
  }
  expect(readSettings(env, '/srv')).toEqual({
    port: 0,
    dataDir: '/srv/data',
    adminToken: 'long-enough',
    allowPrivateHosts: ['127.0.0.1:9000', 'hooks.internal'],
    logLevel: 'warn',
  })
})

it.each([
  ['MORTISE_PORT', 'http'],
  ['MORTISE_PORT', '70000'],
  ['MORTISE_PORT', '-1'],
  ['MORTISE_ADMIN_TOKEN', 'short'],
  ['MORTISE_ADMIN_TOKEN', 'with a space in it'],
  ['MORTISE_ALLOW_PRIVATE_HOSTS', 'http://127.0.0.1'],
  ['MORTISE_LOG_LEVEL', 'loud'],
])('refuses %s=%s in one sentence that names it', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} must be [^.]+.*\\.$`))
})
