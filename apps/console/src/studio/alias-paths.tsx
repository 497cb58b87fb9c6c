import { Button } from '@mortise/react/host'
import type { Token } from '@mortise/tokens'
import type { Written } from '@mortise/tokens/repair'
import Unlink2 from 'lucide-react/icons/unlink-2'
import { select } from './studio-store.ts'
import { Swatch } from './swatch.tsx'
import type { StudioTheme } from './use-theme.ts'
import { readText, shortTextOf, textOf, writeColor } from './values.ts'

/** Steps drawn in each direction, and followers drawn of each token. */
const most = { depth: 6, followers: 12 } as const

interface AliasPathsProps {
  readonly studio: StudioTheme
  readonly token: Token
  /** Writes the value the token has now in place of the alias. */
  readonly onDetach: (value: Written) => void
}

/** The whole path of a token: what it follows down to the value, and all that follow it. */
export function AliasPaths({ studio, token, onDetach }: AliasPathsProps) {
  const { aliases } = studio
  const targets = aliases.targetsOf(token.path)
  const users = aliases.usersOf(token.path)
  if (targets.length + users.length === 0) return null
  const literal = literalOf(token)
  return (
    <section className="s-editor__part">
      <div className="s-editor__line">
        <h3 className="s-editor__label">Aliases</h3>
        {targets.length > 0 && literal && (
          <Button
            size="sm"
            variant="ghost"
            icon={<Unlink2 />}
            label={`Detach ${token.path}`}
            onPress={() => onDetach(literal)}
          >
            Detach
          </Button>
        )}
      </div>
      {targets.length > 0 && (
        <>
          <h4 className="s-alias__heading">Follows</h4>
          <Branch studio={studio} paths={targets} next={aliases.targetsOf} trail={[token.path]} />
        </>
      )}
      {users.length > 0 && (
        <>
          <h4 className="s-alias__heading">
            Followed by {users.length === 1 ? 'one token' : `${users.length} tokens`}
          </h4>
          <Branch studio={studio} paths={users} next={aliases.usersOf} trail={[token.path]} />
        </>
      )}
    </section>
  )
}

interface BranchProps {
  readonly studio: StudioTheme
  readonly paths: readonly string[]
  readonly next: (path: string) => readonly string[]
  /** Paths on the way here, so that a circle ends. */
  readonly trail: readonly string[]
}

function Branch({ studio, paths, next, trail }: BranchProps) {
  return (
    <ul className="s-alias">
      {paths.slice(0, most.followers).map((path) => {
        const token = studio.tokens.get(path) ?? studio.own.get(path)
        const further = trail.includes(path) || trail.length >= most.depth ? [] : next(path)
        return (
          <li key={path}>
            <button type="button" className="s-row" onClick={() => select(path)}>
              {token?.type === 'color' && <Swatch color={token.value} />}
              <span className="c-clip">{path}</span>
              <span className="s-row__value">{token ? shortTextOf(token) : 'missing'}</span>
            </button>
            {further.length > 0 && (
              <Branch studio={studio} paths={further} next={next} trail={[...trail, path]} />
            )}
          </li>
        )
      })}
      {paths.length > most.followers && <li className="c-muted">and {paths.length - most.followers} more</li>}
    </ul>
  )
}

function literalOf(token: Token): Written | undefined {
  if (token.type === 'color') return writeColor(token.value)
  const read = readText(token, textOf(token))
  return 'value' in read ? read.value : undefined
}
