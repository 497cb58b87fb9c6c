/**
 * Draws Markdown with components of this package.
 *
 * The parser makes a tree; the tree is walked here. No HTML is ever made of it:
 * HTML in the text stays text, a picture is shown by its description, and links
 * say where they lead.
 */
import '../styles/markdown.css'
import type { Definition, Nodes, Parents, RootContent, Table } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough'
import { gfmTable } from 'micromark-extension-gfm-table'
import { Fragment, memo, type ReactNode } from 'react'
import { CodeBlock } from './code-block.tsx'
import { CodeText, OutboundLink } from './text.tsx'

export interface MarkdownProps {
  readonly value: string
}

/** Levels drawn; what is nested deeper is cut. */
const deepest = 24
/** Marks that nest: more of them in a row than anybody writes make the parser slow. */
const nesting = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){20}|[[!]{200}|[*_~]{200}|(?:[*_~]{1,3}[^\s*_~]?){400}/m

/** Formatted text. A text that is written to keep the parser busy is shown as it is. */
export const Markdown = memo(function Markdown({ value }: MarkdownProps) {
  const tree = nesting.test(value) ? undefined : parse(value)
  if (!tree) return <div className="m-markdown m-markdown--plain">{value}</div>
  const definitions = new Map<string, Definition>()
  for (const node of tree.children) {
    if (node.type === 'definition' && !definitions.has(node.identifier))
      definitions.set(node.identifier, node)
  }
  return <div className="m-markdown">{drawAll(tree.children, { definitions, depth: 0 })}</div>
})

interface Drawing {
  readonly definitions: ReadonlyMap<string, Definition>
  readonly depth: number
}

function parse(value: string) {
  try {
    return fromMarkdown(value, {
      extensions: [gfmTable(), gfmStrikethrough({ singleTilde: false })],
      mdastExtensions: [gfmTableFromMarkdown(), gfmStrikethroughFromMarkdown()],
    })
  } catch {
    return undefined
  }
}

function drawAll(nodes: readonly RootContent[], drawing: Drawing): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: nodes have no identity but their place
  return nodes.map((node, index) => <Fragment key={index}>{draw(node, drawing)}</Fragment>)
}

function inside(node: Parents, { definitions, depth }: Drawing): ReactNode {
  return depth < deepest ? drawAll(node.children as RootContent[], { definitions, depth: depth + 1 }) : '…'
}

function draw(node: Nodes, drawing: Drawing): ReactNode {
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value
    case 'paragraph':
      return <p>{inside(node, drawing)}</p>
    case 'heading': {
      // The page has the first level and the title bar of the widget the second.
      const Level = (['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const)[node.depth - 1] ?? 'h6'
      return (
        <Level className={`m-markdown__heading m-markdown__heading--${node.depth}`}>
          {inside(node, drawing)}
        </Level>
      )
    }
    case 'emphasis':
      return <em>{inside(node, drawing)}</em>
    case 'strong':
      return <strong>{inside(node, drawing)}</strong>
    case 'delete':
      return <del>{inside(node, drawing)}</del>
    case 'inlineCode':
      return <CodeText>{node.value}</CodeText>
    case 'code':
      return <CodeBlock value={node.value} label={node.lang ?? undefined} />
    case 'break':
      return <br />
    case 'thematicBreak':
      return <hr className="m-w-divider" />
    case 'blockquote':
      return <blockquote>{inside(node, drawing)}</blockquote>
    case 'list':
      return node.ordered ? (
        <ol start={node.start ?? 1}>{inside(node, drawing)}</ol>
      ) : (
        <ul>{inside(node, drawing)}</ul>
      )
    case 'listItem': {
      const [only] = node.children
      // Items of a tight list have no paragraphs of their own.
      const tight = !node.spread && only?.type === 'paragraph'
      return (
        <li>
          {tight && only ? (
            <>
              {inside(only, drawing)}
              {drawAll(node.children.slice(1), { ...drawing, depth: drawing.depth + 1 })}
            </>
          ) : (
            inside(node, drawing)
          )}
        </li>
      )
    }
    case 'link':
      return <OutboundLink href={node.url}>{inside(node, drawing)}</OutboundLink>
    case 'linkReference': {
      const url = drawing.definitions.get(node.identifier)?.url
      return url ? <OutboundLink href={url}>{inside(node, drawing)}</OutboundLink> : inside(node, drawing)
    }
    case 'image':
    case 'imageReference':
      return <span className="m-markdown__picture">{node.alt || 'picture'}</span>
    case 'table':
      return <MarkdownTable node={node} drawing={drawing} />
    default:
      return null
  }
}

function MarkdownTable({ node, drawing }: { readonly node: Table; readonly drawing: Drawing }) {
  const [head, ...rows] = node.children
  const align = (column: number) => {
    const side = node.align?.[column]
    return side === 'right' ? 'm-table__cell--end' : undefined
  }
  const cells = (row: Table['children'][number] | undefined, Cell: 'th' | 'td') =>
    row?.children.map((cell, column) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
      <Cell key={column} className={align(column)} scope={Cell === 'th' ? 'col' : undefined}>
        {inside(cell, drawing)}
      </Cell>
    ))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
    <div className="m-table-box m-markdown__table" tabIndex={0}>
      <table className="m-table">
        <thead>
          <tr>{cells(head, 'th')}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <tr key={index}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
