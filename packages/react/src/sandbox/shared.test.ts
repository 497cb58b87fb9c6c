import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sandboxPackages } from '@mortise/contract'
import { version } from 'react'
import { expect, test } from 'vitest'
import own from '../../package.json' with { type: 'json' }

const sdk = JSON.parse(readFileSync(join(import.meta.dirname, '../../../sdk/package.json'), 'utf8'))

test('the table names the versions that the sandbox is built with', () => {
  for (const [name, { family, version: named }] of Object.entries(sandboxPackages)) {
    expect(named, name).toBe({ react: version, components: own.version, sdk: sdk.version }[family])
  }
})
