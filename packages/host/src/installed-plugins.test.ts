import type { PluginRecord } from '@mortise/contract'
import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Backend } from './backend.ts'
import { InstalledPlugins } from './installed-plugins.ts'
import type { HostState } from './types.ts'

const record = (id: string, version: string) => ({ id, version }) as PluginRecord

/** A backend whose readings are answered in the order that a test wants. */
function open() {
  const store = createStore<HostState>(() => ({
    plugins: [],
    connection: 'online',
    ready: true,
    confinesFrames: true,
    unconfined: [],
  }))
  const lists: ((records: PluginRecord[]) => void)[] = []
  const singles: ((record: PluginRecord | undefined) => void)[] = []
  const backend = {
    plugins: () => new Promise((resolve) => lists.push(resolve)),
    plugin: () => new Promise((resolve) => singles.push(resolve)),
  } as Partial<Backend> as Backend
  const changes: string[] = []
  const plugins = new InstalledPlugins({
    store,
    backend,
    domains: [],
    onDidChange: (before, after) =>
      changes.push(`${(after ?? before)?.id} ${before?.version} ${after?.version}`),
  })
  const shown = () => store.getState().plugins.map(({ id, version }) => `${id} ${version}`)
  return { plugins, lists, singles, changes, shown }
}

test('the answer to an older reading of one plugin does not undo a newer one', async () => {
  const { plugins, singles, shown } = open()
  const read = [plugins.refresh('a'), plugins.refresh('a')]
  singles[1]?.(record('a', '2'))
  singles[0]?.(record('a', '1'))
  await Promise.all(read)
  expect(shown()).toEqual(['a 2'])
})

test('a list that was asked for before one of its plugins takes nothing of that back', async () => {
  const { plugins, lists, singles, changes, shown } = open()
  const read = [plugins.refresh(), plugins.refresh('a'), plugins.refresh('b')]
  singles[0]?.(record('a', '2'))
  singles[1]?.(undefined)
  await Promise.all(read.slice(1))
  lists[0]?.([record('a', '1'), record('b', '1'), record('c', '1')])
  await read[0]
  expect(shown().toSorted()).toEqual(['a 2', 'c 1'])
  expect(changes).toEqual(['a undefined 2', 'c undefined 1'])
})

test('a list that was asked for after one of its plugins counts, whichever is answered first', async () => {
  const { plugins, lists, singles, shown } = open()
  const read = [plugins.refresh('a'), plugins.refresh()]
  lists[0]?.([record('a', '2')])
  singles[0]?.(record('a', '1'))
  await Promise.all(read)
  expect(shown()).toEqual(['a 2'])
})
