import { sandboxPackages } from '@mortise/contract'
import { version } from 'react'
import { expect, test } from 'vitest'
import sdk from '../../../sdk/package.json' with { type: 'json' }
import own from '../../package.json' with { type: 'json' }

test('the table names the versions that the sandbox is built with', () => {
  for (const [name, { family, version: named }] of Object.entries(sandboxPackages)) {
    expect(named, name).toBe({ react: version, components: own.version, sdk: sdk.version }[family])
  }
})
