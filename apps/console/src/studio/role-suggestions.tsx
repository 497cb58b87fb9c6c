import { Button } from '@mortise/react/host'
import type { Mode } from '@mortise/tokens'
import { isEdited, withEdit } from './draft.ts'
import type { ImportReport } from './studio-store.ts'
import { change, useStudio } from './studio-store.ts'
import { Swatch } from './swatch.tsx'
import type { StudioTheme } from './use-theme.ts'

type Suggestions = ImportReport['suggestions']

/** Roles that the names of an import left open, each with the token that looks like it: a person says whether it is. */
export function RoleSuggestions({ studio, of }: { readonly studio: StudioTheme; readonly of: Suggestions }) {
  const open = of.filter(({ to, mode }) => studio.theme.modes.includes(mode) && !isEdited(studio.draft, to))
  if (open.length === 0) return null
  const { mode } = studio.context
  // A file of one mode has none for the other: its own is shown then, and gone to.
  const seen = open.some((one) => one.mode === mode) ? mode : open[0]!.mode
  const shown = open.filter((one) => one.mode === seen)
  const use = (roles: readonly string[]) =>
    take(
      open.filter(({ to }) => roles.includes(to)),
      seen,
    )
  return (
    <section className="s-editor__part">
      <div className="s-editor__line">
        <h3 className="s-editor__label">May be meant</h3>
        <Button size="sm" onPress={() => use(shown.map(({ to }) => to))}>
          Use all
        </Button>
      </div>
      <p className="c-muted">
        No name says which token these roles take. By lightness and contrast it may be these.
      </p>
      <ul className="s-suggestions" aria-label="Suggestions">
        {shown.map(({ from, to }) => {
          const token = studio.own.get(from)
          return (
            <li key={to} className="s-suggestion">
              {token?.type === 'color' && <Swatch color={token.value} />}
              <span className="c-two-lines">
                <span className="c-clip">{to}</span>
                <span className="c-muted c-clip">{from}</span>
              </span>
              <Button size="sm" label={`Use ${from} for ${to}`} onPress={() => use([to])}>
                Use
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Lets roles follow the tokens, in every mode they were found for, as one step. */
function take(suggestions: Suggestions, seen: Mode): void {
  const { draft } = useStudio.getState()
  change(
    suggestions.reduce(
      (next, { from, to, mode }) => withEdit(next, to, [mode], { $type: 'color', $value: `{${from}}` }),
      draft,
    ),
  )
  useStudio.setState({ mode: seen })
}
