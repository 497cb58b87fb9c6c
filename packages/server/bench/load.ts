// Posts the same event over and over, so many at a time, and counts the answers. Sockets are used bare: a client
// library would cost more than the server.
import { connect } from 'node:net'

export interface LoadOrder {
  readonly url: string
  readonly token: string
  readonly body: string
  readonly inFlight: number
  readonly ms: number
}

process.on('message', async ({ url, token, body, inFlight, ms }: LoadOrder) => {
  const { hostname, port, host } = new URL(url)
  const request = Buffer.from(
    `POST /api/v1/events HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  let answered = 0
  let isOver = false
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port: Number(port), host: hostname, noDelay: true })
      socket.on('connect', () => socket.write(request))
      socket.on('error', reject)
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1')
        // An answer is one small packet; a refusal would not be a measurement.
        if (!text.startsWith('HTTP/1.1 202')) reject(new Error(text))
        answered++
        if (isOver) {
          socket.destroy()
          resolve()
        } else socket.write(request)
      })
    })
  const started = performance.now()
  setTimeout(() => {
    isOver = true
  }, ms)
  try {
    await Promise.all(Array.from({ length: inFlight }, one))
    process.send?.({ answered, perSecond: (answered / (performance.now() - started)) * 1000 })
  } catch (thrown) {
    process.send?.({ error: String(thrown) })
  }
})
