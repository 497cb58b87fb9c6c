import { type ErrorCode, errorCodes, MortiseError } from '@mortise/contract'
import { fastify } from 'fastify'
import { expect, it } from 'vitest'
import { answerErrors } from './http-errors.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]

it.each(codes)('answers %s with the status and the hint of the documented list', async (code) => {
  const app = fastify()
  answerErrors(app)
  app.get('/', async () => {
    throw new MortiseError(code, 'What happened.', {
      cause: new Error('/srv/inside'),
      data: { retryAfter: 7, issues: [{ pointer: '/a', message: 'is wrong' }] },
    })
  })
  const answer = await app.inject('/')
  const { status, retryable } = errorCodes[code]
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['retry-after']).toBe('7')
  expect(answer.json()).toMatchObject({ code, retryable, message: 'What happened.', error: 'What happened.' })
  expect(answer.body).not.toContain('/srv/inside')
  await app.close()
})

it('has a status for each code that a client can act on', () => {
  for (const { status } of Object.values(errorCodes)) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
  }
})
