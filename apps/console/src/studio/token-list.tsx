import { EmptyState, SearchField } from '@mortise/react/host'
import type { Token } from '@mortise/tokens'
import { useMemo, useState } from 'react'
import { Header } from 'react-aria-components/Header'
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox'
import { isEdited } from './draft.ts'
import { select, useStudio } from './studio-store.ts'
import { Swatch } from './swatch.tsx'
import { shortName, tokenGroups } from './token-groups.ts'
import type { StudioTheme } from './use-theme.ts'
import { shortTextOf, textOf } from './values.ts'

/** Tokens that are no roles shown at most; the search finds the others. */
const mostOwn = 200

interface Row {
  readonly token: Token
  readonly edited: boolean
  readonly failing: boolean
}

/** All tokens by heading, with a search over names, paths and values. */
export function TokenList({ studio }: { readonly studio: StudioTheme }) {
  const { draft, tokens, own, gate, context } = studio
  const [search, setSearch] = useState('')
  const selected = useStudio((state) => state.selected)
  const failing = useMemo(
    () =>
      new Set(
        gate.failures
          .filter(({ contexts }) =>
            contexts.some(({ mode, contrast }) => mode === context.mode && contrast === context.contrast),
          )
          .map(({ foreground }) => foreground),
      ),
    [gate, context.mode, context.contrast],
  )
  const groups = useMemo(() => {
    const wanted = search.trim().toLowerCase()
    const all = [
      ...tokenGroups.map(({ label, paths }) => ({ label, tokens: paths.map((path) => tokens.get(path)!) })),
      { label: 'Of this theme', tokens: [...own.values()] },
    ]
    return all
      .map(({ label, tokens }) => ({
        label,
        rows: tokens
          .filter(
            (token) =>
              wanted === '' || `${label} ${token.path} ${textOf(token)}`.toLowerCase().includes(wanted),
          )
          .slice(0, mostOwn)
          .map(
            (token): Row => ({
              token,
              edited: isEdited(draft, token.path),
              failing: failing.has(token.path),
            }),
          ),
      }))
      .filter(({ rows }) => rows.length > 0)
  }, [search, tokens, own, draft, failing])
  return (
    <section className="s-tokens" aria-label="Tokens">
      <div className="s-tokens__search">
        <SearchField label="Search tokens" value={search} onChange={setSearch} />
      </div>
      {groups.length === 0 ? (
        <EmptyState size="sm" title="No such token" description="Search by role, name or value." />
      ) : (
        <ListBox
          className="s-tokens__list"
          aria-label="Tokens"
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={[selected]}
          onSelectionChange={(keys) => {
            const [key] = keys
            if (key !== undefined) select(String(key))
          }}
        >
          {groups.map((group) => (
            <ListBoxSection key={group.label} id={`section ${group.label}`} className="s-tokens__group">
              <Header className="s-tokens__heading">{group.label}</Header>
              {group.rows.map((row) => (
                <TokenRow key={row.token.path} {...row} />
              ))}
            </ListBoxSection>
          ))}
        </ListBox>
      )}
    </section>
  )
}

function TokenRow({ token, edited, failing }: Row) {
  const name = shortName(token.path)
  return (
    // Pressing the token that is open already leads back to its editor.
    <ListBoxItem id={token.path} textValue={name} className="s-token" onPress={() => select(token.path)}>
      {token.type === 'color' ? <Swatch color={token.value} /> : <span className="s-token__blank" />}
      <span className="s-token__name">{name}</span>
      {failing && (
        <span className="s-token__mark s-token__mark--failing">
          <span className="m-visually-hidden">, hard to read</span>
        </span>
      )}
      {edited && (
        <span className="s-token__mark s-token__mark--edited">
          <span className="m-visually-hidden">, changed</span>
        </span>
      )}
      <span className="s-token__value">{shortTextOf(token)}</span>
    </ListBoxItem>
  )
}
