import { describe, expect, test } from 'vitest'
import { findEntries, isSafePath, parseManifest } from './manifest.ts'
import { formatIssues } from './result.ts'

const seedStyle = {
  name: 'slack-notifications',
  version: '1.0.0',
  displayName: 'Slack Notifications',
  description: 'Send session events to Slack',
  type: 'webhook',
  author: 'Your Name',
  permissions: ['read:sessions'],
  configSchema: { type: 'object', properties: {}, required: [] },
}

function issuesOf(input: unknown): string {
  const result = parseManifest(typeof input === 'string' ? input : JSON.stringify(input))
  return result.ok ? '' : formatIssues(result.issues)
}

describe('parseManifest', () => {
  test('accepts a manifest without license or entrypoints', () => {
    expect(issuesOf(seedStyle)).toBe('')
  })

  test('keeps keys it does not know', () => {
    const result = parseManifest(JSON.stringify({ ...seedStyle, kubernetes: { crd: true } }))
    expect(result.ok && result.value.manifest.kubernetes).toEqual({ crd: true })
  })

  test('says where a text stops being JSON', () => {
    expect(issuesOf('{ "name": "x", }')).toMatch(/^manifest\.json# is not JSON: .*(line|position)/)
  })

  test.each([
    [null, 'manifest.json#'],
    [[], 'manifest.json#'],
    ['"text"', 'manifest.json#'],
  ])('refuses %j, which is not an object', (input, start) => {
    expect(issuesOf(input as unknown)).toContain(start)
  })

  test.each(['name', 'version', 'displayName', 'description', 'type', 'author', 'permissions'])(
    'names the missing field %s by its pointer',
    (field) => {
      const { [field as 'name']: _, ...rest } = seedStyle
      expect(issuesOf(rest)).toContain(`manifest.json#/${field} is required but missing. Add it.`)
    },
  )

  test('lists the types there are where the type is unknown', () => {
    expect(issuesOf({ ...seedStyle, type: 'widget' })).toContain(
      'manifest.json#/type must be one of extension, webhook',
    )
  })

  test('points into arrays', () => {
    expect(issuesOf({ ...seedStyle, permissions: ['read:sessions', 7] })).toContain(
      'manifest.json#/permissions/1',
    )
  })

  test.each(['Slack', '../x', 'a b', '', '-a', 'a/b', '__proto__'])('refuses the name %j', (name) => {
    expect(issuesOf({ ...seedStyle, name })).toContain('manifest.json#/name')
  })
})

describe('findEntries', () => {
  const entries = (change: object, files: string[]) => {
    const parsed = parseManifest(JSON.stringify({ ...seedStyle, ...change }))
    if (!parsed.ok) throw new Error(formatIssues(parsed.issues))
    return findEntries(parsed.value.manifest, new Set(files))
  }

  test('falls back to index.js, then plugin.js', () => {
    expect(entries({}, ['plugin.js', 'index.js'])).toMatchObject({ ok: true, value: { main: 'index.js' } })
    expect(entries({}, ['plugin.js'])).toMatchObject({ ok: true, value: { main: 'plugin.js' } })
  })

  test('says which entry is missing and where it is named', () => {
    const result = entries({ entrypoints: { main: 'server.js' } }, ['index.js'])
    expect(!result.ok && formatIssues(result.issues)).toBe(
      'manifest.json#/entrypoints/main names server.js, which is not in the package. Add the file or correct the path.',
    )
  })

  test('refuses widgets without a file that draws them', () => {
    const result = entries({ contributes: { widgets: [{ id: 'a', title: 'A', slot: 'dashboard.main' }] } }, [
      'index.js',
    ])
    expect(!result.ok && result.issues[0]?.pointer).toBe('/entrypoints/ui')
  })

  test('takes a theme without code', () => {
    const result = entries({ type: 'theme', entrypoints: { theme: 'a.json' } }, ['a.json'])
    expect(result).toMatchObject({ ok: true, value: { main: undefined, themes: [{ path: 'a.json' }] } })
  })
})

test.each(['/etc/passwd', '../a', 'a/../../b', 'a\\b', 'C:a', 'a//b', '', 'a\0b'])(
  '%j is no safe path',
  (path) => {
    expect(isSafePath(path)).toBe(false)
  },
)
