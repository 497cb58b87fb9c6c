import { sandboxPackages } from '@mortise/contract'
import { expect, test } from 'vitest'
import { sharedModules } from './shared.ts'

test('a sandbox brings the packages of the table, in the versions it names', () => {
  const versions = (table: Readonly<Record<string, { readonly version: string }>>) =>
    Object.fromEntries(Object.entries(table).map(([name, { version }]) => [name, version]))
  expect(versions(sharedModules)).toEqual(versions(sandboxPackages))
})
