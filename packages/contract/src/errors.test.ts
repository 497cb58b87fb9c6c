import { expect, test } from 'vitest'
import { errorMeanings } from './error-meanings.ts'
import { errorCodes, fromErrorRecord, MortiseError, toErrorRecord } from './errors.ts'

test('a record carries code, name and data, and never a stack or a cause', () => {
  const error = new MortiseError('NOT_FOUND', 'Session s1 does not exist.', {
    name: 'SessionNotFoundError',
    data: { id: 's1' },
    cause: new Error('select failed at db.ts:7'),
  })
  const record = toErrorRecord(error)
  expect(record).toEqual({
    code: 'NOT_FOUND',
    name: 'SessionNotFoundError',
    message: 'Session s1 does not exist.',
    retryable: false,
    data: { id: 's1' },
  })
  expect(fromErrorRecord(record, 'host')).toMatchObject({ code: 'NOT_FOUND', name: 'SessionNotFoundError' })
})

test('an error without a code tells nothing about the host', () => {
  const record = toErrorRecord(new Error('ENOENT /srv/secret/db.sqlite'))
  expect(JSON.stringify(record)).not.toContain('secret')
  expect(record.code).toBe('INTERNAL')
})

test.each([
  [
    'a getter that throws',
    {
      get code() {
        throw new Error('gotcha')
      },
    },
  ],
  [
    'a revoked proxy',
    (() => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    })(),
  ],
  ['undefined', undefined],
  ['a symbol', Symbol('x')],
  ['an object that names an inherited code', { code: 'toString' }],
])('survives a throw of %s', (_, thrown) => {
  expect(toErrorRecord(thrown).code).toBe('INTERNAL')
})

test('every code has an HTTP status and a meaning that is a sentence', () => {
  for (const [code, { status }] of Object.entries(errorCodes)) {
    expect(status, code).toBeGreaterThanOrEqual(400)
    expect(errorMeanings[code as keyof typeof errorMeanings], code).toMatch(/^[A-Z].*\.$/)
  }
})
