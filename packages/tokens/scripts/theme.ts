// `node packages/tokens/scripts/theme.ts <command> …`: what a theme designer does with files.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { baseSource } from '../src/base.ts'
import { readLocated } from '../src/diagnose/index.ts'
import { diffSources } from '../src/diff/index.ts'
import { exportCss, exportFigma, exportJson, exportTailwind, exportTypeScript } from '../src/export/index.ts'
import { checkTheme } from '../src/gate/index.ts'
import { importableFile, importTheme } from '../src/import/index.ts'
import { composeTheme, type Diagnostic, isResolver, type TokenSource } from '../src/index.ts'
import { type Preset, presets, themeFromBrand, withPreset } from '../src/palette/index.ts'
import { hexOf, repairTheme } from '../src/repair/index.ts'

const usage = `Usage: node packages/tokens/scripts/theme.ts <command>

  check <theme>                     what is wrong with its files, and every pair that is hard to read
  repair <theme> [--out <folder>]   the smallest changes after which every pair passes
  import <path> --out <folder>      a theme package out of a DTCG, Figma, Tokens Studio, VS Code,
                                    StreamSpace or CSS file, or a folder of them
  brand <color>… --out <folder>     a theme package out of one to three brand colors
  preset <theme> <name> --out <folder>
                                    ${Object.keys(presets).join(', ')}
  export <theme> <format> [--out <folder>]
                                    css, json, ts, tailwind or figma
  diff <theme> <theme>              what was added, changed, deprecated and removed

A theme is the folder of a theme plugin, or a token file or resolver document.`

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const [command, ...rest] = positionals

switch (command) {
  case 'check':
    await check(argument(0))
    break
  case 'repair':
    await repair(argument(0))
    break
  case 'import':
    writePackage(await importFile(argument(0)), basename(argument(0)).replace(/\..*$/, ''))
    break
  case 'brand':
    writePackage(themeFromBrand(baseSource, { brand: rest }).source, basename(resolve(values.out ?? 'brand')))
    break
  case 'preset': {
    if (!Object.hasOwn(presets, argument(1))) stop(`There is no preset ${argument(1)}.`)
    writePackage(withPreset(baseSource, (await read(argument(0))).source, argument(1) as Preset), 'theme')
    break
  }
  case 'export':
    await write(argument(0), argument(1))
    break
  case 'diff':
    await diff(argument(0), argument(1))
    break
  default:
    console.log(usage)
    process.exitCode = command === undefined ? 0 : 2
}

async function check(path: string): Promise<void> {
  const { source, diagnostics, locate } = await read(path)
  const theme = composeTheme(baseSource, source)
  const all = [...diagnostics, ...locate(theme.diagnostics)]
  printDiagnostics(all)
  const { failures, permutations, pairs } = checkTheme(theme)
  for (const {
    foreground,
    background,
    use,
    ratio,
    leastRatio,
    lightness,
    leastLightness,
    contexts,
  } of failures) {
    const where = [
      ...new Set(contexts.map(({ mode, contrast }) => (contrast === 'more' ? `${mode}-more` : mode))),
    ]
    console.log(
      `${foreground} on ${background} (${use}; ${where.join(', ')}): ` +
        `${ratio.toFixed(2)} of ${leastRatio}:1, Lc ${lightness.toFixed(0)} of ${leastLightness}`,
    )
  }
  console.log(
    `${failures.length} failing of ${pairs} pairs in ${permutations} permutations, ${all.length} other faults.`,
  )
  process.exitCode = failures.length + all.length > 0 ? 1 : 0
}

async function repair(path: string): Promise<void> {
  const { source } = await read(path)
  const { repairs, source: repaired, after } = repairTheme(baseSource, source)
  for (const { path: role, context, before, after: now, deltaE, pairs } of repairs) {
    console.log(
      `${context} ${role}: ${hexOf(before)} → ${hexOf(now)}, ΔE ${deltaE.toFixed(3)}, for ${pairs.length} pairs`,
    )
  }
  console.log(`${repairs.length} changes, ${after.failures.length} pairs still fail.`)
  if (values.out !== undefined) writePackage(repaired, basename(resolve(values.out)))
  process.exitCode = after.passes ? 0 : 1
}

/** Imports a file, or a folder of files that belong together. */
async function importFile(path: string): Promise<TokenSource> {
  if (!existsSync(path)) stop(`${path} does not exist.`)
  const isFolder = statSync(path).isDirectory()
  const folder = isFolder ? path : dirname(path)
  const names = isFolder ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [basename(path)]
  const texts = new Map(
    names
      .filter((name) => importableFile.test(name))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
  const imported = await importTheme(baseSource, texts, (name) => textAt(join(folder, name))).catch(
    (error: Error) => stop(error.message),
  )
  printDiagnostics(imported.diagnostics)
  for (const { from, to, mode } of imported.mapping) console.log(`${from} → ${to}${mode ? ` (${mode})` : ''}`)
  console.log(
    `${imported.format}: ${imported.mapping.length} values taken, ${imported.unmapped.length} names without a role.`,
  )
  return imported.source
}

async function write(path: string, format: string): Promise<void> {
  const theme = composeTheme(baseSource, (await read(path)).source)
  const writers: Record<string, () => Record<string, string>> = {
    css: () => ({ 'theme.css': exportCss(theme) }),
    json: () => ({ 'theme.json': exportJson(theme) }),
    ts: () => ({ 'theme.ts': exportTypeScript(theme) }),
    tailwind: () => ({ 'tailwind.css': exportTailwind(theme) }),
    figma: () => exportFigma(theme),
  }
  if (!Object.hasOwn(writers, format)) stop(`There is no format ${format}.`)
  const files = writers[format]!()
  if (values.out !== undefined) writeFiles(values.out, files)
  else for (const text of Object.values(files)) process.stdout.write(text)
}

async function diff(before: string, after: string): Promise<void> {
  const { added, changed, removed, deprecated } = diffSources(
    (await read(before)).source,
    (await read(after)).source,
  )
  for (const one of added) console.log(`+ ${one.path}: ${one.after}`)
  for (const one of removed) console.log(`- ${one.path}: ${one.before}`)
  for (const one of changed) {
    const apart = one.deltaE === undefined ? '' : `, ΔE ${one.deltaE.toFixed(3)}`
    console.log(`~ ${one.path}: ${one.before} → ${one.after}${apart}`)
  }
  for (const { path, reason } of deprecated)
    console.log(`! ${path} is deprecated${reason ? `: ${reason}` : '.'}`)
  console.log(
    `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${deprecated.length} deprecated.`,
  )
}

/** Reads the theme of a plugin folder, or a file. */
async function read(path: string) {
  if (!existsSync(path)) stop(`${path} does not exist.`)
  const folder = statSync(path).isDirectory() ? path : dirname(path)
  let file = basename(path)
  if (folder === path) {
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as {
      entrypoints?: { theme?: string }
    }
    file = manifest.entrypoints?.theme ?? stop('The manifest names no theme.')
  }
  return readLocated(file, (name) => textAt(join(folder, name)))
}

function textAt(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function printDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const { code, file, line, column, pointer, message, hint } of diagnostics) {
    console.log(`${file}:${line ?? 1}:${column ?? 1} ${code} ${pointer} ${message}${hint ? ` ${hint}` : ''}`)
  }
}

/** Writes a theme plugin: a manifest where there is none yet, and the token files. */
function writePackage(source: TokenSource, label: string): void {
  const out = values.out ?? stop('Say where to write with --out <folder>.')
  const file = isResolver(source.document) ? 'theme.resolver.json' : 'theme.tokens.json'
  const id =
    label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^theme-|^-|-$/g, '') || 'theme'
  const manifest = {
    name: `theme-${id}`,
    version: '1.0.0',
    displayName: label,
    description: `The theme ${label}.`,
    type: 'theme',
    author: 'You',
    permissions: [],
    entrypoints: { theme: file },
    contributes: { themes: [{ id, label, path: file }] },
  }
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  writeFiles(out, {
    ...(existsSync(join(out, 'manifest.json')) ? {} : { 'manifest.json': json(manifest) }),
    [file]: json(source.document),
    ...Object.fromEntries(
      Object.entries(source.files ?? {}).map(([name, document]) => [name, json(document)]),
    ),
  })
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`wrote ${path}`)
  }
}

function argument(index: number): string {
  return rest[index] ?? stop(usage)
}

function stop(message: string): never {
  console.error(message)
  process.exit(2)
}
