import { expect, test } from 'vitest'
import { readSetting, setValue } from './settings.ts'

const schema = {
  properties: {
    url: { type: 'string' },
    count: { type: 'integer' },
    on: { type: 'boolean' },
    list: { type: 'array' },
    'a.b': { type: 'string' },
    deep: { type: 'object', properties: { port: { type: 'number' } } },
  },
}

test('the schema says how a value is read', () => {
  expect(readSetting('url=12', schema).value).toBe('12')
  expect(readSetting('url=https://a.b/?x=1&y=2', schema).value).toBe('https://a.b/?x=1&y=2')
  expect(readSetting('url=', schema).value).toBe('')
  expect(readSetting('count=12', schema).value).toBe(12)
  expect(readSetting('on=false', schema).value).toBe(false)
  expect(readSetting('list=["a"]', schema).value).toEqual(['a'])
  expect(readSetting('deep.port=80', schema)).toEqual({ path: ['deep', 'port'], value: 80 })
  expect(readSetting('a.b=x', schema).path).toEqual(['a.b'])
  expect(readSetting('free=true', undefined).value).toBe(true)
  expect(readSetting('free=hello', undefined).value).toBe('hello')
})

test('refuses what is no setting and what does not fit its type', () => {
  expect(() => readSetting('url', schema)).toThrow('--set key=value')
  expect(() => readSetting('uri=x', schema)).toThrow('There is no setting uri. There are url, count')
  expect(() => readSetting('count=many', schema)).toThrow("count must be integer written as JSON, not 'many'")
})

test('sets inside objects without touching what was given or a prototype', () => {
  const before = { deep: { host: 'a' }, other: 1 }
  expect(setValue(before, ['deep', 'port'], 80)).toEqual({ deep: { host: 'a', port: 80 }, other: 1 })
  expect(before).toEqual({ deep: { host: 'a' }, other: 1 })
  setValue({}, ['__proto__', 'polluted'], true)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})
