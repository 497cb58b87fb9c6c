import ExternalLink from 'lucide-react/icons/external-link'
import type { ReactNode } from 'react'
import { Link as AriaLink } from 'react-aria-components/Link'
import { classes } from './classes.ts'
import { Tooltip } from './tooltip.tsx'

/** A key or a chord: `<Kbd>⌘K</Kbd>`. */
export function Kbd({ children }: { readonly children: ReactNode }) {
  return <kbd className="m-kbd">{children}</kbd>
}

/** Ids, codes, hosts and paths, in the mono face. */
export function CodeText({ children, block }: { readonly children: ReactNode; readonly block?: boolean }) {
  return block ? (
    <pre className="m-code-block">
      <code>{children}</code>
    </pre>
  ) : (
    <code className="m-code" dir="ltr">
      {children}
    </code>
  )
}

/** A name that things are sorted by. Says nothing about state; `Badge` does. */
export function Tag({ children, icon }: { readonly children: ReactNode; readonly icon?: ReactNode }) {
  return (
    <span className="m-tag">
      {icon && (
        <span className="m-tag__icon" aria-hidden="true">
          {icon}
        </span>
      )}
      <span className="m-tag__text">{children}</span>
    </span>
  )
}

export interface LinkProps {
  readonly href: string
  readonly children?: ReactNode
  readonly className?: string
}

/** Goes to another page of the shell. */
export function Link({ href, children, className }: LinkProps) {
  return (
    <AriaLink className={classes('m-link', className)} href={href}>
      {children}
    </AriaLink>
  )
}

/**
 * Opens an address in a new tab and says beside the text which host that is:
 * a plugin can write any text, but not where it leads. An address that is not
 * `http:`, `https:` or `mailto:` is shown as plain text.
 */
export function OutboundLink({ href, children }: LinkProps) {
  const target = readTarget(href)
  if (!target) return <span>{children}</span>
  return (
    <Tooltip text={<span className="m-outbound__address">{target.address}</span>}>
      <AriaLink
        className="m-link m-outbound"
        href={target.address}
        target="_blank"
        rel="noopener noreferrer nofollow"
      >
        <span className="m-outbound__text">{children}</span>
        <bdi className="m-outbound__host">{target.host}</bdi>
        <ExternalLink aria-hidden="true" />
        <span className="m-visually-hidden">, opens in a new tab</span>
      </AriaLink>
    </Tooltip>
  )
}

/** Where an address leads, as the browser would read it: international names come out in ASCII. */
function readTarget(href: string): { readonly address: string; readonly host: string } | undefined {
  const url = URL.parse(href)
  switch (url?.protocol) {
    case 'https:':
    case 'http:':
      return { address: url.href, host: url.host }
    case 'mailto:':
      return { address: url.href, host: url.pathname }
    default:
      return undefined
  }
}
