import { expect, test } from 'vitest'
import { findBrowser } from './find-browser.ts'

test.each([
  ['chromium', 'CHROMIUM_PATH'],
  ['firefox', 'FIREFOX_PATH'],
] as const)('for %s, %s comes before what is installed', (name, variable) => {
  expect(findBrowser(name, { [variable]: '/opt/mine', PATH: '/usr/bin' })).toBe('/opt/mine')
})
