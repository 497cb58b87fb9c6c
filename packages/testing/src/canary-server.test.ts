import { expect, test } from 'vitest'
import { canaryServer } from './canary-server.ts'

test('records every request with its body, and answers so that an attack believes it worked', async () => {
  await using canary = await canaryServer()
  const response = await fetch(`${canary.url}/steal?x=1`, { method: 'POST', body: 'secret' })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(canary.requests).toMatchObject([{ method: 'POST', url: '/steal?x=1', body: 'secret' }])
  expect(canary.connections).toBeGreaterThan(0)
  canary.clear()
  expect(canary.requests).toEqual([])
})

test('records WebSockets and tells who waits', async () => {
  await using canary = await canaryServer()
  const arrived = canary.waitFor(({ webSocket }) => webSocket)
  const socket = new WebSocket(`${canary.url.replace('http', 'ws')}/socket`)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  expect(await arrived).toMatchObject({ url: '/socket', webSocket: true })
})
