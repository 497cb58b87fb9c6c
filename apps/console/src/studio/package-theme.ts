import { isResolver } from '@mortise/tokens'
import { strToU8, zipSync } from 'fflate'
import { bytesOf, type Draft, type DraftBranding, type DraftFont, sourceOf } from './draft.ts'

/** The id a theme plugin gets from its name. */
export function pluginName(label: string): string {
  const id = label
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^(theme-)+|^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '')
  return `theme-${id || 'mine'}`
}

/** The id of the theme in its plugin. */
export function themeId(label: string): string {
  return pluginName(label).slice('theme-'.length)
}

/** The version after one: a change that nobody has to know about. */
export function nextVersion(version: string): string {
  const [major = 1, minor = 0, patch = 0] = version.split('.').map(Number)
  return `${major}.${minor}.${patch + 1}`
}

/** A draft as the package of a theme plugin. */
export function packageTheme(draft: Draft): File {
  const source = sourceOf(draft)
  const path = isResolver(source.document) ? 'theme.resolver.json' : 'theme.tokens.json'
  const name = pluginName(draft.name)
  const { contribution, pictures } = packBranding(draft.branding)
  const fonts = packFonts(draft.fonts)
  const manifest = {
    name,
    version: draft.version,
    displayName: draft.name,
    description: `The theme ${draft.name}, made in the theme studio.`,
    type: 'theme',
    author: 'Theme studio',
    permissions: [],
    entrypoints: { theme: path },
    contributes: {
      themes: [{ id: themeId(draft.name), label: draft.name, path, ...fonts.contribution, ...contribution }],
    },
  }
  const json = (value: unknown) => strToU8(`${JSON.stringify(value, null, 2)}\n`)
  const zipped = zipSync({
    'manifest.json': json(manifest),
    [path]: json(source.document),
    ...Object.fromEntries(
      Object.entries(source.files ?? {}).map(([file, document]) => [file, json(document)]),
    ),
    ...Object.fromEntries(Object.entries(pictures).map(([file, text]) => [file, strToU8(text)])),
    ...fonts.files,
    'README.md': strToU8(
      `# ${draft.name}\n\nA theme: design tokens in the DTCG format, no code. Install it on the plugins page, then choose it on the appearance page.\n`,
    ),
  })
  return new File([zipped as Uint8Array<ArrayBuffer>], `${name}-${draft.version}.mortise`, {
    type: 'application/zip',
  })
}

/** The same of fonts. */
function packFonts(fonts: readonly DraftFont[] = []) {
  const packed = fonts.map((font, i) => {
    const { family, weight, style } = font
    const path = `fonts/${i + 1}-${family.toLowerCase().replace(/[^a-z\d]+/g, '-')}.woff2`
    return { entry: { family, path, weight, style }, bytes: bytesOf(font) }
  })
  return {
    contribution: packed.length > 0 && { fonts: packed.map(({ entry }) => entry) },
    files: Object.fromEntries(packed.map(({ entry, bytes }) => [entry.path, bytes])),
  }
}

/** What the manifest says of the branding, and the files that it names. */
function packBranding({ icons = {}, logo, mark, ...rest }: DraftBranding = {}) {
  const said = Object.entries({
    ...rest,
    logo: logo === undefined ? undefined : 'logo.svg',
    mark: mark === undefined ? undefined : 'mark.svg',
  }).filter(([, value]) => value !== undefined)
  const paths = Object.keys(icons).map((icon) => [icon, `icons/${icon}.svg`] as const)
  return {
    contribution: {
      ...(said.length > 0 && { branding: Object.fromEntries(said) }),
      ...(paths.length > 0 && { icons: Object.fromEntries(paths) }),
    },
    pictures: {
      ...(logo === undefined ? {} : { 'logo.svg': logo }),
      ...(mark === undefined ? {} : { 'mark.svg': mark }),
      ...Object.fromEntries(paths.map(([icon, path]) => [path, icons[icon]!])),
    },
  }
}
