import { describePermission, type PluginRecord } from '@mortise/contract'
import { afterEach, expect, it } from 'vitest'
import { askForPermission, usePrompts } from './prompts.ts'

const plugin = (id: string) => ({ id }) as PluginRecord
const permission = (name: string) => describePermission(name, [])
const waiting = () => usePrompts.getState().permissions

afterEach(() => {
  for (const prompt of waiting()) prompt.answer(false)
})

it('answers with what the person chose, one question after the other', async () => {
  const first = askForPermission(plugin('a'), permission('p'), '')
  const second = askForPermission(plugin('b'), permission('p'), '')
  waiting()[0]?.answer(true)
  expect(await first).toBe(true)
  waiting()[0]?.answer(false)
  expect(await second).toBe(false)
  expect(waiting()).toEqual([])
})

it('refuses a question that the plugin already asks', async () => {
  void askForPermission(plugin('a'), permission('p'), '')
  expect(await askForPermission(plugin('a'), permission('p'), 'again')).toBe(false)
  expect(waiting()).toHaveLength(1)
})

it('lets no plugin bury the person under questions', async () => {
  const asked = ['p', 'q', 'r', 's', 't'].map((name) => askForPermission(plugin('a'), permission(name), ''))
  expect(waiting()).toHaveLength(3)
  expect(await Promise.all(asked.slice(3))).toEqual([false, false])
})
