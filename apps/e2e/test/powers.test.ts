import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, type Problems, start } from '../src/index.ts'

// What an administrator sees and does about the powers of one server plugin.

let console_: RunningConsole
let browser: Browser
let client: Client
let page: Page
let problems: Problems

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
  await client.install({
    manifest: {
      name: 'helper',
      displayName: 'Helper',
      version: '1.0.0',
      description: 'A plugin of the tests',
      author: 'Tests',
      type: 'webhook',
      permissions: ['read:sessions', 'secrets', 'scheduler', 'email', 'notifications', 'commands'],
      contributes: {
        commands: [
          { name: 'greet', title: 'Greet everybody' },
          { name: 'fail', title: 'Fail loudly' },
          {
            name: 'invite',
            title: 'Invite somebody',
            args: [
              { name: 'who', title: 'Who <b>exactly</b>', type: 'string', required: true },
              { name: 'days', title: 'Days', type: 'number', description: 'How long they may stay.' },
              { name: 'role', title: 'Role', type: 'enum', options: ['guest', 'member'], required: true },
              { name: 'loud', title: 'Tell everybody', type: 'boolean' },
            ],
          },
          { name: 'ask', title: 'Ask me something' },
        ],
      },
      email: { recipients: ['*@example.com'] },
      scheduler: { jobs: [{ name: 'sweep', schedule: 'daily', description: 'Sweeps up.' }] },
      secrets: [{ name: 'API_KEY', title: 'Key of the service', description: 'From its account page.' }],
    },
    files: {
      'index.js': `
        module.exports = {
          jobs: {
            sweep: () => console.log('swept'),
          },
          commands: {
            async greet(args, { user }) {
              await streamspace.notify(user.id, { title: '<img src=x onerror=alert(1)>', message: 'From <b>me</b>' })
              await streamspace.notify('somebody-else', { title: 'Not for you' })
              return 'Hello ' + user.name
            },
            invite: (args) => 'Invited ' + JSON.stringify(args),
            async ask(args, { user }) {
              await streamspace.notify(user.id, {
                title: 'Mira wants in',
                message: 'She asked twice.',
                actions: [
                  { label: 'Invite <i>Mira</i>', command: 'invite', args: { who: 'Mira', role: 'guest' } },
                  { label: 'Invite somebody else', command: 'invite' },
                  { label: 'Show sessions', path: '/sessions' },
                ],
              })
              await streamspace.notify(user.id, {
                title: 'Nowhere to go',
                actions: [{ label: 'Not a page', path: '/plugins-of-others' }],
              })
            },
            fail() {
              throw new Error('It broke')
            },
          },
          async onSessionHibernated(session) {
            const mail = { to: 'ada@example.com', subject: '<b>Asleep</b>', text: session.id }
            await streamspace.email.send(mail).catch((error) => console.log(error.code))
          },
          async onSessionCreated() {
            console.log('length ' + (await streamspace.secrets.get('API_KEY')).length)
          },
        }`,
    },
  })
  ;({ page, problems } = await openConsole(browser, console_))
})

afterAll(async () => {
  expect(problems).toEqual({ errors: [], policy: [] })
  await Promise.all([browser?.close(), console_?.stop()])
})

test('stores a secret that no page shows again, and the plugin reads it', async () => {
  await page.goto(`${console_.url}/installed/helper/configuration`)
  await page.getByText('Not set').waitFor()
  const field = page.getByLabel('Value of Key of the service')
  expect(await field.getAttribute('type')).toBe('password')
  await field.fill('sk-live-0123456789')
  await page.getByRole('button', { name: 'Store Key of the service' }).click()
  await page.getByText('Stored', { exact: true }).waitFor()
  await expect.poll(() => field.inputValue()).toBe('')
  expect(await page.content()).not.toContain('0123456789')
  await client.calls([['sessions.create', [{ user: 'mira', template: 'firefox' }]]])
  await client.logLine('helper', (message) => message === 'length 18')
  await page.getByRole('button', { name: 'Forget Key of the service' }).click()
  await page.getByText('Not set').waitFor()
})

test('shows what is scheduled, and runs it now', async () => {
  await page.goto(`${console_.url}/installed/helper`)
  await page.getByRole('tab', { name: 'Schedule' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'sweep' })
  await row.getByText('Not yet').waitFor()
  await row.getByRole('button', { name: 'Run sweep now' }).click()
  await row.getByText('Done').waitFor()
  await client.logLine('helper', (message) => message === 'swept')
})

test('lets a plugin write to whom somebody allowed, and shows what it wrote as text', async () => {
  const hibernate = async () => {
    const [created] = await client.calls([['sessions.create', [{ user: 'mira', template: 'firefox' }]]])
    await client.calls([['sessions.hibernate', [(created as { value: { id: string } }).value.id]]])
  }
  await hibernate()
  await client.logLine('helper', (message) => message === 'EMAIL_RECIPIENT_DENIED')
  await page.getByRole('tab', { name: 'Email' }).click()
  await page.getByText('It has written nothing yet').waitFor()
  await page.getByRole('button', { name: 'Allow *@example.com' }).click()
  await page.getByRole('button', { name: 'Remove *@example.com' }).waitFor()
  await hibernate()
  await expect
    .poll(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click()
      return page.getByText('<b>Asleep</b>').count()
    })
    .toBe(1)
  await page.getByRole('button', { name: 'Remove *@example.com' }).click()
  await page.getByRole('button', { name: 'Allow *@example.com' }).waitFor()
})

const run = async (title: string) => {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Search or run a command').last().fill(title)
  await page.getByRole('option', { name: title }).click()
}

test('runs commands from the palette, and shows results and notifications as text', async () => {
  await run('Greet everybody')
  await page.getByText('Helper: Greet everybody').waitFor()
  await page.getByText('Hello Administrator').waitFor()
  await page.getByText('Helper: <img src=x onerror=alert(1)>').waitFor()
  await page.getByText('From <b>me</b>').waitFor()
  expect(await page.getByText('Not for you').count()).toBe(0)
  // By keyboard: what was said is kept, as text, after it left the screen, and is not new any more once it was seen.
  const bell = page.getByRole('button', { name: 'Notifications, 1 new' })
  await bell.focus()
  await page.keyboard.press('Enter')
  const said = page.getByRole('dialog', { name: 'Notifications' })
  await said.getByText('<img src=x onerror=alert(1)>').waitFor()
  expect(await said.getByText('Not for you').count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Notifications', exact: true }).click()
  await said.getByText('From <b>me</b>').waitFor()
  await page.keyboard.press('Escape')
  await run('Fail loudly')
  await page.getByText('Helper: Fail loudly failed').waitFor()
  await page.getByText(/It broke/).waitFor()
})

test('asks for the arguments of a command in the words of the plugin, by keyboard', async () => {
  await run('Invite somebody')
  const form = page.getByRole('dialog', { name: 'Invite somebody' })
  const who = form.getByRole('textbox', { name: 'Who <b>exactly</b>' })
  await who.waitFor()
  await who.press('Enter')
  await form.getByText('Who <b>exactly</b> is required.').waitFor()
  await form.getByText('Role is required.').waitFor()
  await who.fill('Ada & <i>Bob</i>')
  await form.getByRole('textbox', { name: 'Days' }).fill('1.5')
  await form.getByRole('button', { name: /Role/ }).press('Enter')
  await page.getByRole('option', { name: 'member' }).press('Enter')
  await form.getByRole('checkbox', { name: 'Tell everybody' }).press('Space')
  await form.getByRole('button', { name: 'Run' }).press('Enter')
  await page.getByText('Invited {"who":"Ada & <i>Bob</i>","days":1.5,"role":"member","loud":true}').waitFor()
  await form.waitFor({ state: 'detached' })
})

test('draws the buttons of a notification, which run commands of the plugin and open pages', async () => {
  await run('Ask me something')
  const toast = page.getByRole('alertdialog').filter({ hasText: 'Mira wants in' })
  await toast.getByRole('button', { name: 'Invite <i>Mira</i>' }).click()
  await page.getByText('Invited {"who":"Mira","role":"guest"}').waitFor()
  const openBell = async () => {
    await page.getByRole('button', { name: /^Notifications/ }).press('Enter')
    return page.getByRole('dialog', { name: 'Notifications' })
  }
  const bell = await openBell()
  const group = bell.getByRole('group', { name: 'Helper: Mira wants in' }).first()
  await expect
    .poll(() => group.getByRole('button').allTextContents())
    .toEqual(['Invite <i>Mira</i>', 'Invite somebody else', 'Show sessions'])
  // It leads to no page of the shell, so it is not there.
  await bell.getByText('Nowhere to go').waitFor()
  expect(await bell.getByRole('button', { name: 'Not a page' }).count()).toBe(0)
  await group.getByRole('button', { name: 'Invite somebody else' }).press('Enter')
  const form = page.getByRole('dialog', { name: 'Invite somebody' })
  await form.getByRole('textbox', { name: 'Who <b>exactly</b>' }).waitFor()
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'detached' })
  await openBell()
  await group.getByRole('button', { name: 'Show sessions' }).press('Enter')
  await page.waitForURL('**/sessions')
  await bell.waitFor({ state: 'detached' })
})

test('draws no button for a command that was taken away, and says so where it was drawn before', async () => {
  await page.getByRole('button', { name: /^Notifications/ }).click()
  const group = page.getByRole('group', { name: 'Helper: Mira wants in' }).first()
  await group.getByRole('button', { name: 'Invite somebody else' }).waitFor()
  await client.grant('helper', { commands: false })
  await expect.poll(() => group.getByRole('button').allTextContents()).toEqual(['Show sessions'])
  await page.keyboard.press('Escape')
})
