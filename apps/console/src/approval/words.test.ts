import { describe, expect, it } from 'vitest'
import { approvalLabel, highestRisk, whereItRuns } from './words.ts'

describe('the label of the approval button', () => {
  it('says how many of the permissions are given', () => {
    expect(approvalLabel(3, 4, true)).toBe('Install with 3 of 4 permissions')
    expect(approvalLabel(4, 4, true)).toBe('Install with all 4 permissions')
    expect(approvalLabel(1, 1, true)).toBe('Install with 1 permission')
  })
  it('says when none is given, or none was asked', () => {
    expect(approvalLabel(0, 4, true)).toBe('Install without permissions')
    expect(approvalLabel(0, 0, true)).toBe('Install')
  })
  it('does not promise to install what is installed', () => {
    expect(approvalLabel(1, 2, false)).toBe('Approve with 1 of 2 permissions')
  })
})

describe('the risk of a plugin', () => {
  it('is its highest one', () => {
    expect(highestRisk([{ risk: 'low' }, { risk: 'high' }, { risk: 'medium' }])).toBe('high')
    expect(highestRisk([])).toBeUndefined()
  })
})

describe('where a plugin runs', () => {
  it('names each place', () => {
    expect(whereItRuns({ hasServerCode: true, themes: [] })).toBe('Runs in an isolate on the server.')
    expect(whereItRuns({ hasServerCode: false, themes: [{ id: 'a', label: 'A', path: 'a.json' }] })).toBe(
      'Is data only: no code of it runs.',
    )
  })
})
