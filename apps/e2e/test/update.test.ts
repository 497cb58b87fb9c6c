import { fixturePlugin } from '@mortise/testing'
import { expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

const stage = useConsole()

const keeper = (version: string, permissions: string[]) => ({
  manifest: {
    name: 'keeper',
    version,
    displayName: 'Keeper',
    description: 'Keeps something.',
    type: 'webhook',
    author: 'Somebody',
    permissions,
    configSchema: { type: 'object', properties: { kept: { type: 'string' } } },
  },
  files: { 'index.js': 'module.exports = {}' },
})

test('a person who does not approve an update yet keeps the plugin and what it kept', async () => {
  await stage.client.install({ ...keeper('1.0.0', ['read:users']), grant: ['read:users'] })
  await stage.client.request('PUT', '/plugins/keeper/config', { config: { kept: 'for years' } })

  const { page, context } = await openConsole(stage.browser, stage.console)
  await page.getByRole('link', { name: 'Plugins' }).first().click()
  await page.locator('input[type=file]').setInputFiles({
    name: 'keeper.mortise',
    mimeType: 'application/zip',
    buffer: Buffer.from(fixturePlugin(keeper('2.0.0', ['read:users', 'write:sessions']))),
  })
  const sheet = page.getByRole('dialog', { name: 'What may Keeper do?' })
  await sheet.getByRole('button', { name: 'Decide later' }).click()
  await sheet.waitFor({ state: 'detached' })
  expect(await stage.client.plugin('keeper')).toMatchObject({
    version: '2.0.0',
    status: 'awaiting-approval',
    config: { kept: 'for years' },
  })
  await context.close()
})
