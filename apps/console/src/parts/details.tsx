import type { ReactNode } from 'react'

/** Names and values of one thing. */
export function Details({ items }: { readonly items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="c-details">
      {items.map(([name, value]) => (
        <div key={name} className="c-details__item">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
