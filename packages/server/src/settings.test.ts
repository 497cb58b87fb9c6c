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
    MORTISE_METRICS_TOKEN: 'of-the-scraper-only',
    MORTISE_SECRET_KEY: 'k'.repeat(32),
    MORTISE_SMTP_URL: 'smtp://user:password@mail.example.com:587',
    MORTISE_EMAIL_FROM: 'mortise@example.com',
    MORTISE_PUBLIC_URL: 'https://mortise.example.com/',
    MORTISE_FRAME_ORIGIN: 'https://{plugin}.plugins.example.com',
  }
  expect(readSettings(env, '/srv')).toEqual({
    port: 0,
    dataDir: '/srv/data',
    adminToken: 'long-enough',
    allowPrivateHosts: ['127.0.0.1:9000', 'hooks.internal'],
    logLevel: 'warn',
    metricsToken: 'of-the-scraper-only',
    secretKey: 'k'.repeat(32),
    email: { smtpUrl: 'smtp://user:password@mail.example.com:587', from: 'mortise@example.com' },
    publicUrl: 'https://mortise.example.com',
    frameOrigin: 'https://{plugin}.plugins.example.com',
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
  ['MORTISE_METRICS_TOKEN', 'too-short'],
  ['MORTISE_SECRET_KEY', 'too-short'],
  ['MORTISE_SMTP_URL', 'http://user:hunter2@mail.example.com'],
  ['MORTISE_PUBLIC_URL', 'mortise.example.com'],
  ['MORTISE_FRAME_ORIGIN', 'https://plugins.example.com/frames'],
])('refuses %s=%s in one sentence that names it', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} must be [^.]+.*\\.$`))
})

it('gives whoever scrapes no token of the administrator', () => {
  const token = 'one-token-for-both'
  expect(() => readSettings({ MORTISE_ADMIN_TOKEN: token, MORTISE_METRICS_TOKEN: token })).toThrow(
    'MORTISE_METRICS_TOKEN must be another token',
  )
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
