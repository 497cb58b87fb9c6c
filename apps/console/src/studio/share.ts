import { type Draft, parseDraft, sourceOf } from './draft.ts'

/** Longest link text that is written or read. */
const maxText = 48 * 1024
const maxInflated = 512 * 1024

/** The address of the studio with a draft in it. @throws Where the theme is too large for a link. */
export async function shareLink(draft: Draft): Promise<string> {
  const { document, file, files } = sourceOf(draft)
  // A font alone is larger than an address may be.
  const text = JSON.stringify({ ...draft, source: { document, file, files }, edits: {}, fonts: undefined })
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const encoded = toBase64(new Uint8Array(await new Response(packed).arrayBuffer()))
  if (encoded.length > maxText || text.length > maxInflated) {
    throw new Error('The theme is too large for a link. Download the package and send that.')
  }
  return `${location.origin}/studio#draft=${encoded}`
}

/**
 * The draft in the hash of an address.
 *
 * @returns undefined where there is none, or none that can be read.
 */
export async function readShared(hash: string): Promise<Draft | undefined> {
  const encoded = /^#draft=([\w-]+)$/.exec(hash)?.[1]
  if (encoded === undefined || encoded.length > maxText) return undefined
  try {
    const bytes = Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    )
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
    return parseDraft(await readCapped(stream))
  } catch {
    return undefined
  }
}

/** Reads text and stops as soon as there is too much of it: a small link can inflate to gigabytes. */
async function readCapped(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let length = 0
  let text = ''
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    if (length > maxInflated) {
      await reader.cancel()
      throw new Error('The link holds too much.')
    }
    text += decoder.decode(value, { stream: true })
  }
}

function toBase64(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
