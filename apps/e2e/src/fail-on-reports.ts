import { afterEach, expect } from 'vitest'
import { takeReports } from './pages.ts'

// Runs around the tests of every file here, whatever they look at themselves.
afterEach(() => {
  expect(takeReports(), 'reports of the policy of the console').toEqual([])
})
