/** What a theme may bring beside its tokens: fonts that are subsets, and small SVG pictures. */
import { brotliDecompressSync } from 'node:zlib'
import type { ThemeContribution } from '@mortise/contract'

/** Limits of what one theme brings. */
export const themeAssetLimits = {
  /** Bytes of one font file. A subset of one script fits. */
  fontBytes: 150_000,
  /** Bytes of all font files of a theme. */
  allFontBytes: 500_000,
  /** Bytes of a font once it is unpacked. */
  unpackedBytes: 2_000_000,
  glyphs: 3000,
  /** Bytes of a logo or a mark. */
  pictureBytes: 32_000,
  iconBytes: 4000,
  /** Bytes of all icons of a theme. */
  allIconBytes: 150_000,
} as const

/** What is wrong with the fonts and pictures of a theme, `undefined` where nothing is. */
export function faultOfAssets(
  { fonts, icons, branding }: Pick<ThemeContribution, 'fonts' | 'icons' | 'branding'>,
  files: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  let total = 0
  for (const path of new Set(fonts?.map((font) => font.path))) {
    const bytes = files.get(path)
    if (!bytes) continue
    total += bytes.length
    const fault = faultOfFont(bytes)
    if (fault) return `'${path}' ${fault}`
  }
  if (total > themeAssetLimits.allFontBytes) {
    return `Its fonts have more than ${themeAssetLimits.allFontBytes / 1000} kB. Leave styles or scripts out.`
  }
  for (const path of [branding?.logo, branding?.mark]) {
    const bytes = path === undefined ? undefined : files.get(path)
    const fault = bytes && faultOfPicture(bytes, themeAssetLimits.pictureBytes)
    if (fault) return `'${path}' ${fault}`
  }
  return faultOfIcons(Object.values(icons ?? {}), files)
}

function faultOfIcons(paths: readonly string[], files: ReadonlyMap<string, Uint8Array>): string | undefined {
  const { iconBytes, allIconBytes } = themeAssetLimits
  let total = 0
  // One file may be drawn for several names: it is sent once for each.
  for (const path of paths) {
    const bytes = files.get(path)
    if (!bytes) continue
    total += bytes.length
    const fault = faultOfPicture(bytes, iconBytes)
    if (fault) return `'${path}' ${fault}`
  }
  return total > allIconBytes
    ? `Its icons have more than ${allIconBytes / 1000} kB. Draw fewer, or simpler ones.`
    : undefined
}

/** Tables of outline fonts. Others carry pictures, scripts of shaping engines or whatever their maker likes. */
const allowedTables: ReadonlySet<string> = new Set(
  'cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG gasp hdmx kern LTSH VDMX vhea vmtx BASE GDEF GPOS GSUB JSTF MATH CFF2 HVAR MVAR STAT VVAR avar cvar fvar gvar DSIG meta PCLT'
    .match(/.{4} ?/g)!
    .map((tag) => tag.slice(0, 4)),
)

/** Tags by their number in a WOFF2 directory (WOFF2 §5.1). */
const knownTags =
  'cmapheadhheahmtxmaxpnameOS/2postcvt fpgmglyflocaprepCFF VORGEBDTEBLCgasphdmxkernLTSHPCLTVDMXvheavmtxBASEGDEFGPOSGSUBEBSCJSTFMATHCBDTCBLCCOLRCPALSVG sbixacntavarbdatblocbslncvarfdscfeatfmtxfvargvarhstyjustlcarmortmorxopbdproptrakZapfSilfGlatGlocFeatSill'

/** Reads the header and the directory of a WOFF2 file, unpacks it within limits and counts its glyphs. */
export function faultOfFont(bytes: Uint8Array): string | undefined {
  const { fontBytes, unpackedBytes, glyphs } = themeAssetLimits
  if (bytes.length > fontBytes) {
    return `has ${Math.ceil(bytes.length / 1000)} kB of at most ${fontBytes / 1000}. Make a subset with the characters you need.`
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 48 || view.getUint32(0) !== 0x774f4632) return 'is not a WOFF2 font.'
  const flavor = view.getUint32(4)
  if (flavor !== 0x00010000 && flavor !== 0x4f54544f)
    return 'is not one outline font, but a collection or something else.'
  if (view.getUint32(8) !== bytes.length) return 'says another length than it has.'
  const directory = readDirectory(bytes, view.getUint16(12))
  if (!directory) return 'has a damaged table directory.'
  const { tables, end } = directory
  const odd = tables.find(({ tag }) => !allowedTables.has(tag))
  if (odd) return `has a table '${odd.tag.trim()}' that fonts of themes may not have.`
  const missing = ['cmap', 'head', 'hhea', 'hmtx', 'maxp'].find(
    (tag) => !tables.some((table) => table.tag === tag),
  )
  if (missing) return `has no table '${missing}'.`
  const stored = tables.reduce((sum, { length }) => sum + length, 0)
  if (stored > unpackedBytes) return `unpacks to more than ${unpackedBytes / 1e6} MB.`
  const packed = view.getUint32(20)
  if (packed === 0 || end + packed > bytes.length) return 'is cut off.'
  let unpacked: Uint8Array
  try {
    unpacked = brotliDecompressSync(bytes.subarray(end, end + packed), { maxOutputLength: stored + 1 })
  } catch {
    return 'cannot be unpacked, or holds more than its directory says.'
  }
  if (unpacked.length !== stored) return 'holds another amount than its directory says.'
  const maxp = tables.find(({ tag }) => tag === 'maxp')!
  if (maxp.length < 6) return `has a damaged table 'maxp'.`
  const count = (unpacked[maxp.offset + 4]! << 8) | unpacked[maxp.offset + 5]!
  return count > glyphs
    ? `has ${count} glyphs of at most ${glyphs}. Make a subset with the characters you need.`
    : undefined
}

interface Table {
  readonly tag: string
  /** Place and bytes in the unpacked stream. */
  readonly offset: number
  readonly length: number
}

function readDirectory(bytes: Uint8Array, count: number): { tables: Table[]; end: number } | undefined {
  if (count === 0 || count > 64) return undefined
  const tables: Table[] = []
  let at = 48
  let offset = 0
  /** UIntBase128: seven bits a byte, no leading zero, at most five bytes. */
  const readNumber = (): number | undefined => {
    let value = 0
    for (let i = 0; i < 5; i++) {
      const byte = bytes[at++]
      if (byte === undefined || (i === 0 && byte === 0x80) || value >= 2 ** 25) return undefined
      value = value * 128 + (byte & 0x7f)
      if ((byte & 0x80) === 0) return value
    }
    return undefined
  }
  for (let i = 0; i < count; i++) {
    const flags = bytes[at++]
    if (flags === undefined) return undefined
    const index = flags & 0x3f
    let tag = knownTags.slice(index * 4, index * 4 + 4)
    if (index === 0x3f) {
      tag = String.fromCharCode(...bytes.subarray(at, at + 4))
      at += 4
    }
    const version = flags >> 6
    const outlines = tag === 'glyf' || tag === 'loca'
    const original = readNumber()
    // Outlines are transformed unless they say 3, all others unless they say 0.
    const length = (outlines ? version !== 3 : version !== 0) ? readNumber() : original
    if (original === undefined || length === undefined || tables.some((table) => table.tag === tag))
      return undefined
    tables.push({ tag, offset, length })
    offset += length
  }
  return { tables, end: at }
}

/** Only what is wrong whoever draws it: the console takes everything active out before it shows a picture. */
function faultOfPicture(bytes: Uint8Array, most: number): string | undefined {
  if (bytes.length > most) return `has ${Math.ceil(bytes.length / 1000)} kB of at most ${most / 1000}.`
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return 'is not UTF-8 text.'
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return 'has a DOCTYPE. Take it out.'
  return /^\s*<(svg[\s>]|\?xml|!--)/.test(text) && /<svg[\s>]/.test(text)
    ? undefined
    : 'is not an SVG picture.'
}
