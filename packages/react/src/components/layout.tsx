import ChevronRight from 'lucide-react/icons/chevron-right'
import { Fragment, type ReactNode, useId } from 'react'
import { Link as AriaLink } from 'react-aria-components/Link'
import { classes } from './classes.ts'

export interface CardProps {
  readonly children: ReactNode
  /** `none` for content that brings its own edges, such as a table. */
  readonly padding?: 'none' | 'md'
  readonly className?: string
}

/** A box for one thing. */
export function Card({ children, padding = 'md', className }: CardProps) {
  return <div className={classes('m-card', `m-card--pad-${padding}`, className)}>{children}</div>
}

export interface SectionProps {
  readonly title: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** Heading level in the page; 2 by default. */
  readonly level?: 2 | 3
  readonly children?: ReactNode
}

/** A titled part of a page. */
export function Section({ title, description, actions, level = 2, children }: SectionProps) {
  const id = useId()
  const Title = `h${level}` as const
  return (
    <section className="m-section" aria-labelledby={id}>
      <div className="m-section__header">
        <div className="m-section__titles">
          <Title id={id} className="m-section__title">
            {title}
          </Title>
          {description && <p className="m-section__description">{description}</p>}
        </div>
        {actions && <div className="m-section__actions">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

export interface Crumb {
  readonly label: string
  readonly href?: string
}

/** Where the page is in the whole, the page itself last. */
export function Breadcrumb({ items }: { readonly items: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="m-breadcrumb">
      {items.map((item, index) => (
        <Fragment key={`${item.href ?? ''} ${item.label}`}>
          {index > 0 && <ChevronRight className="m-breadcrumb__arrow" aria-hidden="true" />}
          {item.href ? (
            <AriaLink className="m-breadcrumb__link" href={item.href}>
              {item.label}
            </AriaLink>
          ) : (
            <span className="m-breadcrumb__here" aria-current="page">
              {item.label}
            </span>
          )}
        </Fragment>
      ))}
    </nav>
  )
}

export interface PageHeaderProps {
  readonly title: ReactNode
  readonly description?: ReactNode
  /** Drawn before the title. */
  readonly icon?: ReactNode
  /** Badges after the title. */
  readonly status?: ReactNode
  readonly breadcrumb?: readonly Crumb[]
  readonly actions?: ReactNode
}

/** The top of a page: its name, one sentence and its main actions. */
export function PageHeader({ title, description, icon, status, breadcrumb, actions }: PageHeaderProps) {
  return (
    <header className="m-page-header">
      {breadcrumb && <Breadcrumb items={breadcrumb} />}
      <div className="m-page-header__line">
        {icon}
        <div className="m-page-header__titles">
          <div className="m-page-header__name">
            <h1 className="m-page-header__title">{title}</h1>
            {status}
          </div>
          {description && <p className="m-page-header__description">{description}</p>}
        </div>
        {actions && <div className="m-page-header__actions">{actions}</div>}
      </div>
    </header>
  )
}
