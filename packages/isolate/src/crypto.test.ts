import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { openPool, specOf } from '../test/harness.ts'

it('signs, verifies and hashes as Web Crypto does', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(`module.exports = {
      async onAsk() {
        const bytes = (text) => new TextEncoder().encode(text)
        const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
        const key = await crypto.subtle.importKey('raw', bytes('secret'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
        const signature = await crypto.subtle.sign('HMAC', key, bytes('body'))
        const refuse = (work) => work.catch(({ name }) => name)
        return {
          signature: hex(signature),
          good: await crypto.subtle.verify('HMAC', key, signature, bytes('body')),
          bad: await crypto.subtle.verify('HMAC', key, signature, bytes('other')),
          short: await crypto.subtle.verify('HMAC', key, new Uint8Array(0), bytes('body')),
          digest: hex(await crypto.subtle.digest('SHA-256', new Uint8Array(0))),
          md5: await refuse(crypto.subtle.digest('MD5', bytes(''))),
          big: await refuse(crypto.subtle.digest('SHA-256', new Uint8Array(2e6))),
          forged: await refuse(crypto.subtle.sign('HMAC', { ...key }, bytes('body'))),
          text: await refuse(crypto.subtle.digest('SHA-256', 'text')),
        }
      },
    }`),
  )
  expect(await plugin.call('onAsk', [])).toEqual({
    signature: createHmac('sha256', 'secret').update('body').digest('hex'),
    good: true,
    bad: false,
    short: false,
    digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    md5: 'NotSupportedError',
    big: 'OperationError',
    forged: 'TypeError',
    text: 'TypeError',
  })
})

it('ends a plugin that hashes without end', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(
      `module.exports = { async onAsk() { const data = new Uint8Array(1e6); for (;;) await crypto.subtle.digest('SHA-256', data) } }`,
    ),
  )
  await expect(plugin.call('onAsk', [])).rejects.toMatchObject({
    code: expect.stringMatching(/^PLUGIN_(CRASHED|TIMEOUT)$/),
  })
})

it('logs a rejection that nobody handles', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(`module.exports = {
      onAsk() { Promise.reject(new TypeError('lost')); return 'answered' },
      onLate() { setTimeout(() => Promise.reject(new TypeError('later')), 5) },
      onHandled() { const late = Promise.reject(new Error('caught in time')); late.catch(() => {}) },
    }`),
  )
  expect(await plugin.call('onAsk', [])).toBe('answered')
  await plugin.call('onHandled', [])
  await plugin.call('onLate', [])
  await expect.poll(() => pool.logs.map(({ message }) => message).join()).toMatch(/lost[\s\S]*later/)
  expect(JSON.stringify(pool.logs)).not.toMatch(/caught in time|file:/)
  expect(plugin.crashes).toBe(0)
})
