import { expect, it } from 'vitest'
import { readSchedule } from './schedule.ts'

const from = new Date('2026-11-21T06:07:30Z')
const next = (text: string) => readSchedule(text).next(from)?.toISOString()

it('reads cron patterns, words and moments, in UTC', () => {
  expect(next('* * * * *')).toBe('2026-11-21T06:08:00.000Z')
  expect(next('30 4 * * 1-5')).toBe('2026-11-23T04:30:00.000Z')
  expect(next('5m')).toBe('2026-11-21T06:10:00.000Z')
  expect(next('hourly')).toBe('2026-11-21T07:00:00.000Z')
  expect(next('weekly')).toBe('2026-11-22T00:00:00.000Z')
  expect(next('monthly')).toBe('2026-12-01T00:00:00.000Z')
  expect(next('2030-01-31T12:00:00+02:00')).toBe('2030-01-31T10:00:00.000Z')
  expect(readSchedule('2030-01-31T12:00:00Z').once).toBe(true)
  expect(next('0 0 29 2 *')).toBe('2028-02-29T00:00:00.000Z')
  expect(next('0 0 31 2 *')).toBe(undefined)
})

it('refuses what is none', () => {
  const wrong = [
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '*/0 * * * *',
    'a b c d e',
    '1s',
    'constructor',
    '__proto__',
    'Tomorrow',
    '2030-13-01T00:00:00Z',
    '2030-01-31T12:00:00',
    '1e1 * * * *',
    '0 0 * * *\n0 0 * * *',
    '-1 * * * *',
  ]
  for (const text of wrong) {
    expect(() => readSchedule(text), text).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  }
})
