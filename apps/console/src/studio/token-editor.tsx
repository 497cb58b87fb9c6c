import { Badge, Button, CodeText, EmptyState } from '@mortise/react/host'
import { contrast, customProperty, type Token } from '@mortise/tokens'
import { contrastPairs, limitsOf } from '@mortise/tokens/gate'
import type { Written } from '@mortise/tokens/repair'
import MousePointerClick from 'lucide-react/icons/mouse-pointer-click'
import { AliasPaths } from './alias-paths.tsx'
import { contextNames, contextsFor, isEdited, otherContextOf, withEdit, withoutEdit } from './draft.ts'
import { contextLabels, labelOf } from './labels.ts'
import { change, select, useStudio } from './studio-store.ts'
import { Swatch } from './swatch.tsx'
import { partsOf, type StudioTheme } from './use-theme.ts'
import { ValueEditor } from './value-editor.tsx'
import { shortTextOf } from './values.ts'

/** One token: its value here and in the other contexts, what it is tied to and where it is used. */
export function TokenEditor({ studio }: { readonly studio: StudioTheme }) {
  const { draft, tokens, own, contextName } = studio
  const selected = useStudio((state) => state.selected)
  const token = tokens.get(selected) ?? own.get(selected)
  if (!token) {
    return (
      <EmptyState
        icon={<MousePointerClick />}
        title="Choose a token"
        description={`${selected} is not part of this theme.`}
      />
    )
  }
  const isRole = tokens.has(selected)
  const other = isRole && otherPlace(studio, selected)
  return (
    <div className="s-editor">
      <header className="s-editor__head">
        <div className="s-editor__titles">
          <h2 className="s-editor__title">{selected}</h2>
          {isRole && <CodeText>{customProperty(selected)}</CodeText>}
        </div>
        {isEdited(draft, selected) && (
          <Button
            size="sm"
            variant="ghost"
            label={`Reset ${selected}`}
            onPress={() => change(withoutEdit(draft, selected))}
          >
            Reset
          </Button>
        )}
      </header>
      {token.description && <p className="c-muted">{token.description}</p>}
      {other && (
        <p>
          <Badge>{labelOf(other)}</Badge>{' '}
          <span className="c-muted">sets this itself: what you change stays there.</span>
        </p>
      )}
      {token.deprecated !== false && (
        <p>
          <Badge tone="warning">Deprecated</Badge>{' '}
          {typeof token.deprecated === 'string' && <span className="c-muted">{token.deprecated}</span>}
        </p>
      )}
      <ValueEditor
        key={`${selected} ${contextName}`}
        token={token}
        readAlias={(path) => readAlias(studio, token, path)}
        onChange={(value) => setToken(studio, token, value)}
      />
      <AliasPaths studio={studio} token={token} onDetach={(value) => setToken(studio, token, value)} />
      {isRole && <Contexts studio={studio} path={selected} />}
      {isRole && <Uses studio={studio} path={selected} />}
    </div>
  )
}

function setToken(studio: StudioTheme, token: Token, value: Written): void {
  const { draft } = useStudio.getState()
  const other = otherPlace(studio, token.path)
  const contexts = other ? [other] : contextsFor(draft, token, studio.contextName)
  change(withEdit(draft, token.path, contexts, value), `${token.path} ${contexts}`)
}

function otherPlace({ source, theme, context }: StudioTheme, path: string) {
  return otherContextOf(source, theme, context, path)
}

function readAlias({ tokens, own, aliases }: StudioTheme, token: Token, path: string) {
  const target = tokens.get(path) ?? own.get(path)
  if (!target) return { error: `There is no token ${path}.` }
  if (target.type !== token.type) return { error: `${path} is a ${target.type}, not a ${token.type}.` }
  if (aliases.leadsTo(path, token.path)) return { error: `${path} follows this token already.` }
  return { value: { $type: token.type, $value: `{${path}}` } }
}

interface PartProps {
  readonly studio: StudioTheme
  readonly path: string
}

function Contexts({ studio: { theme, context, contextName }, path }: PartProps) {
  const names = contextNames.filter((name) => theme.modes.includes(partsOf(name).mode))
  return (
    <section className="s-editor__part">
      <h3 className="s-editor__label">In each context</h3>
      <ul className="s-rows">
        {names.map((name) => {
          const token = theme.resolve({ ...context, ...partsOf(name) }).get(path)!
          return (
            <li key={name}>
              <button
                type="button"
                className="s-row"
                aria-current={name === contextName ? 'true' : undefined}
                onClick={() => useStudio.setState(partsOf(name))}
              >
                {token.type === 'color' && <Swatch color={token.value} />}
                <span>{contextLabels[name]}</span>
                <span className="s-row__value">{shortTextOf(token)}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Uses({ studio: { tokens, context }, path }: PartProps) {
  const pairs = contrastPairs.filter(
    ({ foreground, background }) => foreground === path || background === path,
  )
  if (pairs.length === 0) return null
  const measured = pairs
    .map((pair) => {
      const [front, back] = [tokens.get(pair.foreground), tokens.get(pair.background)]
      const both = front?.type === 'color' && back?.type === 'color'
      return {
        pair,
        ratio: both ? contrast(front.value, back.value) : 1,
        least: limitsOf(pair, context.contrast).ratio,
      }
    })
    .toSorted((a, b) => a.ratio / a.least - b.ratio / b.least)
  return (
    <section className="s-editor__part">
      <h3 className="s-editor__label">Where it is used</h3>
      <ul className="s-rows">
        {measured.map(({ pair, ratio, least }) => {
          const other = pair.foreground === path ? pair.background : pair.foreground
          return (
            <li key={`${pair.foreground} ${pair.background}`}>
              <button type="button" className="s-row" onClick={() => select(other)}>
                <span className="c-two-lines">
                  <span>{pair.use}</span>
                  <span className="c-muted">
                    {pair.foreground === path ? 'on' : 'under'} {other}
                  </span>
                </span>
                <span className="s-row__value">
                  {ratio < least ? (
                    <Badge tone="danger">
                      {ratio.toFixed(2)} of {least}
                    </Badge>
                  ) : (
                    ratio.toFixed(2)
                  )}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
