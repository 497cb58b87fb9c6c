import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startServer, token } from './harness.ts'

const folder = join(import.meta.dirname, '../../../examples/build-board')
const secret = 'correct-horse'

it('takes signed builds from outside and shows them to people', async () => {
  const paths = ['manifest.json', 'index.js', 'public/board.css', 'public/board.js']
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const),
  )
  await using host = await startServer()
  await host.add(Object.fromEntries(files), { config: { signingSecret: secret } })
  const base = `${host.url}/plugins/build-board`
  const report = (body: string, key = secret) =>
    fetch(`${base}/hooks/builds`, {
      method: 'POST',
      body,
      headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` },
    })
  const signedIn = { headers: { authorization: `Bearer ${token}` } }

  expect((await report('{"job":"web","result":"passed"}', 'wrong-horse')).status).toBe(403)
  expect((await report('{"job":"web","result":"odd"}')).status).toBe(400)
  expect((await report('{"job":"<web>","result":"passed"}')).status).toBe(202)
  expect(await (await report('{"job":"api","result":"failed"}')).json()).toEqual({ kept: 2 })
  expect(await (await fetch(`${base}/builds.json`, signedIn)).json()).toMatchObject([
    { job: 'api', result: 'failed' },
    { job: '<web>', result: 'passed' },
  ])
  const page = await (await fetch(`${base}/`, signedIn)).text()
  expect(page).toContain('Signed in as Administrator.')
  expect((await fetch(`${base}/`)).status).toBe(401)
  expect((await fetch(`${base}/board.css`)).headers.get('content-type')).toMatch(/^text\/css/)
})
