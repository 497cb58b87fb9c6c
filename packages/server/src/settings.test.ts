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
    MORTISE_SECRET_KEY: 'k'.repeat(32),
    MORTISE_SMTP_URL: 'smtp://user:password@mail.example.com:587',
    MORTISE_EMAIL_FROM: 'mortise@example.com',
  }
  expect(readSettings(env, '/srv')).toEqual({
    port: 0,
    dataDir: '/srv/data',
    adminToken: 'long-enough',
    allowPrivateHosts: ['127.0.0.1:9000', 'hooks.internal'],
    logLevel: 'warn',
    secretKey: 'k'.repeat(32),
    email: { smtpUrl: 'smtp://user:password@mail.example.com:587', from: 'mortise@example.com' },
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
  ['MORTISE_SECRET_KEY', 'too-short'],
  ['MORTISE_SMTP_URL', 'http://user:hunter2@mail.example.com'],
])('refuses %s=%s in one sentence that names it', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} must be [^.]+.*\\.$`))
})

it('asks for a sender with a mail server, and never repeats the password in its address', () => {
  const smtp = { MORTISE_SMTP_URL: 'smtp://user:hunter2@mail.example.com' }
  expect(() => readSettings(smtp)).toThrow('MORTISE_EMAIL_FROM must be')
  expect(() => readSettings({ ...smtp, MORTISE_EMAIL_FROM: 'Me <a@b.c>' })).toThrow(
    'MORTISE_EMAIL_FROM must be',
  )
  const wrong = { MORTISE_SMTP_URL: 'ftp://user:hunter2@mail.example.com' }
  expect(() => readSettings(wrong)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  )
})
