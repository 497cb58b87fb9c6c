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
 * a plugin can write any text, but not where it leads.
 */
export function OutboundLink({ href, children }: LinkProps) {
  return (
    <Tooltip text={<span className="m-outbound__address">{href}</span>}>
      <AriaLink className="m-link m-outbound" href={href} target="_blank" rel="noopener noreferrer nofollow">
        <span className="m-outbound__text">{children}</span>
        <bdi className="m-outbound__host">{hostOf(href)}</bdi>
        <ExternalLink aria-hidden="true" />
        <span className="m-visually-hidden">, opens in a new tab</span>
      </AriaLink>
    </Tooltip>
  )
}

function hostOf(href: string): string {
  const url = URL.parse(href)
  return url?.host || url?.pathname || href
}
