import { describePermission, type PluginRecord } from '@mortise/contract'
import { afterEach, expect, it } from 'vitest'
import { askForPermissions, usePrompts } from './prompts.ts'

const plugin = (id: string) => ({ id }) as PluginRecord
const permission = (name: string) => describePermission(name, [])
const waiting = () => usePrompts.getState().permissions

afterEach(() => {
  for (const prompt of waiting()) prompt.answer([])
})

it('answers with what the person chose, one question after the other', async () => {
  const first = askForPermissions(plugin('a'), [permission('p')], '')
  const second = askForPermissions(plugin('b'), [permission('p')], '')
  waiting()[0]?.answer(['p'])
  expect(await first).toEqual(['p'])
  waiting()[0]?.answer([])
  expect(await second).toEqual([])
  expect(waiting()).toEqual([])
})

it('refuses a question that the plugin already asks', async () => {
  void askForPermissions(plugin('a'), [permission('p')], '')
  expect(await askForPermissions(plugin('a'), [permission('p')], 'again')).toEqual([])
  expect(waiting()).toHaveLength(1)
})

it('asks of several permissions only for those it does not ask for already', async () => {
  void askForPermissions(plugin('a'), [permission('p')], '')
  const both = askForPermissions(plugin('a'), [permission('p'), permission('q')], '')
  expect(waiting()[1]?.permissions.map(({ name }) => name)).toEqual(['q'])
  waiting()[1]?.answer(['q'])
  expect(await both).toEqual(['q'])
})

it('lets no plugin bury the person under questions', async () => {
  const asked = ['p', 'q', 'r', 's', 't'].map((name) =>
    askForPermissions(plugin('a'), [permission(name)], ''),
  )
  expect(waiting()).toHaveLength(3)
  expect(await Promise.all(asked.slice(3))).toEqual([[], []])
})
