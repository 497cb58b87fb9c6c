import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { root } from './read-package.ts'

const folder = mkdtempSync(join(tmpdir(), 'mortise-theme-'))
afterAll(() => rmSync(folder, { recursive: true }))

function theme(...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [`${root}packages/tokens/scripts/theme.ts`, ...args],
      { cwd: root },
      (error, out, err) => {
        done({ code: error ? Number(error.code ?? 1) : 0, text: out + err })
      },
    )
  })
}

it('checks, repairs and checks again', async () => {
  const file = join(folder, 'faint.tokens.json')
  writeFileSync(
    file,
    '{\n// faint\n"color": { "$type": "color", "surface": { "page": { "$value": "#fdf6ec" } },\n"text": { "muted": { "$value": "#b0a89c" }, "subtle": { "$value": "{color.text.mutde}" } } } }',
  )
  const before = await theme('check', file)
  expect(before.code).toBe(1)
  expect(before.text).toContain('faint.tokens.json:4:67 TOKEN_ALIAS_UNKNOWN')
  expect(before.text).toContain('Did you mean {color.text.muted}?')
  expect(before.text).toMatch(
    /color\.text\.muted on color\.surface\.page \(secondary text, labels; light\): 2\.\d+ of 4\.5:1/,
  )

  const fixed = join(folder, 'faint')
  writeFileSync(file, readFileSync(file, 'utf8').replace('mutde', 'muted'))
  expect(await theme('repair', file, '--out', fixed)).toMatchObject({
    code: 0,
    text: expect.stringContaining('0 pairs still fail'),
  })
  expect(await theme('check', fixed)).toMatchObject({ code: 0, text: expect.stringContaining('0 failing') })
}, 60_000)

it('makes a package out of brand colors, and exports it', async () => {
  const out = join(folder, 'violet')
  expect((await theme('brand', '#7c3aed', 'teal', '--out', out)).code).toBe(0)
  expect((await theme('check', out)).code).toBe(0)
  expect((await theme('export', out, 'tailwind')).text).toContain('@theme inline {')
  expect((await theme('diff', out, out)).text).toBe('0 added, 0 removed, 0 changed, 0 deprecated.\n')
}, 60_000)

it('imports a style sheet', async () => {
  const file = join(folder, 'globals.css')
  writeFileSync(file, ':root{--background:#fff;--primary:#7c3aed}.dark{--background:#111}')
  const { text, code } = await theme('import', file, '--out', join(folder, 'globals'))
  expect(code).toBe(0)
  expect(text).toContain('--primary → color.accent.solid')
  expect((await theme('check', join(folder, 'globals'))).text).toContain('0 other faults')
}, 60_000)

it('says how it is used', async () => {
  expect(await theme('nonsense')).toMatchObject({ code: 2, text: expect.stringContaining('Usage:') })
  expect(await theme('check', 'nowhere')).toMatchObject({ code: 2, text: 'nowhere does not exist.\n' })
})
