import type { ServerApi } from '@mortise/contract'
import type { StreamspaceApi } from './index.ts'

declare const api: StreamspaceApi

export async function uses(): Promise<void> {
  const sessions = await api.sessions.list()
  sessions[0]?.state satisfies 'running' | 'hibernated' | 'terminated' | undefined
  await api.sessions.list({ state: 'running' })
  await api.sessions.create({ user: 'ada', template: 'firefox' })
  // @ts-expect-error -- the id is required
  await api.sessions.get()
  // @ts-expect-error -- not a state
  await api.sessions.list({ state: 'asleep' })
  // @ts-expect-error -- no such method
  await api.sessions.drop('s1')
}

declare const server: ServerApi

export async function usesOfTheServer(): Promise<void> {
  const key = await server.secrets.get('API_KEY')
  key satisfies string | null
  const bytes = await server.files.readBytes('a.bin')
  bytes satisfies Uint8Array
  await server.files.write('a.bin', bytes)
  await server.scheduler.schedule('sweep', 'daily')
  await server.email.send({ to: 'ada@example.com', subject: 'Hello', text: 'Hi' })
  await server.notifications.send('*', { title: 'Hello' })
  // @ts-expect-error -- a message has a subject
  await server.email.send({ to: 'ada@example.com', text: 'Hi' })
  // @ts-expect-error -- a file is text or bytes
  await server.files.write('a.bin', 7)
}
