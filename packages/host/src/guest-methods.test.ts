import { frameworkDomain, methodTable } from '@mortise/contract'
import { expect, test } from 'vitest'
import { workshop } from '../test/stage/domain.ts'
import { compileMethods, type FrameworkMethods } from './guest-methods.ts'

const table = methodTable([workshop, frameworkDomain])
const own = [...methodTable([frameworkDomain]).keys()]

function compile(granted: readonly string[]) {
  const called: string[] = []
  const framework = Object.fromEntries(own.map((name) => [name, () => called.push(`engine ${name}`)]))
  const methods = compileMethods(
    table,
    framework as unknown as FrameworkMethods,
    async (method) => called.push(`backend ${method}`),
    new Set(granted),
  )
  return { methods, called }
}

test('the engine answers every method of the framework itself, and sends every other to the backend', async () => {
  const { methods, called } = compile(['read:notes', 'write:notes'])
  for (const method of methods.values()) await method.invoke?.([])
  expect(called).toEqual(['backend notes.list', 'backend notes.add', ...own.map((name) => `engine ${name}`)])
})

test.each(Object.keys(workshop.permissions))(
  'each method that needs %s is denied without it',
  (permission) => {
    const { methods } = compile(Object.keys(workshop.permissions).filter((name) => name !== permission))
    for (const { definition, invoke } of methods.values()) {
      expect(invoke === undefined, definition.name).toBe(definition.permission === permission)
    }
  },
)

test('a permission named like a property of objects grants nothing', () => {
  const { methods } = compile(['constructor', '__proto__', 'toString'])
  expect(methods.get('notes.add')?.invoke).toBeUndefined()
  expect(methods.get('constructor')).toBeUndefined()
})
