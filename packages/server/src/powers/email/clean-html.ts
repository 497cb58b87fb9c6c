/**
 * What of a plugin's HTML may reach a mailbox: text, layout and links.
 *
 * Nothing that runs, nothing to type into, and nothing that is fetched when the
 * message is opened: a picture on another machine would tell its owner who
 * reads it, and what the plugin wrote into its address. That would be a way out
 * past the hosts that were granted.
 */
import type { IOptions } from 'sanitize-html'

/** Values of styles without functions but those of colors: `url()` would fetch. */
const plainValue = /^(?:[\w\s#%.,'"!-]|(?:rgb|rgba|hsl|hsla)\([\d\s%.,/]*\))*$/i
const styles =
  'background-color border border-bottom border-collapse border-color border-left border-radius border-right border-spacing border-style border-top border-width color direction display font font-family font-size font-style font-weight height letter-spacing line-height margin margin-bottom margin-left margin-right margin-top max-width min-width padding padding-bottom padding-left padding-right padding-top text-align text-decoration text-transform vertical-align white-space width word-break'
const tags =
  'a abbr b blockquote br caption center code col colgroup dd div dl dt em font h1 h2 h3 h4 h5 h6 hr i img li ol p pre s small span strong sub sup table tbody td tfoot th thead tr u ul'

const options: IOptions = {
  allowedTags: tags.split(' '),
  allowedAttributes: {
    '*': ['align', 'bgcolor', 'dir', 'height', 'lang', 'style', 'title', 'valign', 'width'],
    a: ['href'],
    font: ['color', 'face', 'size'],
    img: ['alt', 'src'],
    table: ['border', 'cellpadding', 'cellspacing', 'role'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan', 'scope'],
  },
  allowedSchemes: ['https', 'http', 'mailto'],
  // Pictures come with the message or not at all.
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  allowedStyles: { '*': Object.fromEntries(styles.split(' ').map((name) => [name, [plainValue]])) },
  exclusiveFilter: ({ tag, attribs }) =>
    tag === 'img' && !/^data:image\/(png|jpeg|gif|webp);base64,/i.test(attribs.src ?? ''),
}

/** HTML as it may reach a mailbox. The library is loaded with the first message that has some. */
export async function cleanHtml(html: string): Promise<string> {
  const { default: sanitize } = await import('sanitize-html')
  return sanitize(html, options)
}
