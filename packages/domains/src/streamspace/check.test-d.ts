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
