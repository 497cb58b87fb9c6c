import { Badge, EmptyState, Select, Skeleton } from '@mortise/react/host'
import { composeTheme, type Theme, type TokenSource } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { diffSources, type SourceDiff, type TokenChange } from '@mortise/tokens/diff'
import { exportFigma } from '@mortise/tokens/export'
import { readForRole } from '@mortise/tokens/import'
import { baseTokenPaths } from '@mortise/tokens/names'
import { hexOf } from '@mortise/tokens/repair'
import Equal from 'lucide-react/icons/equal'
import { useDeferredValue, useMemo, useState } from 'react'
import { useInstalledThemes } from '../appearance/known-themes.ts'
import { type KnownTheme, readThemeSource, versionKey } from '../appearance/theme-source.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { useQuery } from '../state/query.ts'
import { contextNames } from './draft.ts'
import { contextLabels } from './labels.ts'
import { select, useStudio } from './studio-store.ts'
import { Swatch } from './swatch.tsx'
import type { StudioTheme } from './use-theme.ts'

/** Changes drawn of each kind. */
const most = 200

/** A theme that leaves everything as it is built in. */
const nothing: TokenSource = { document: {} }

/** What differs between the draft and another theme, or the version it started from. */
export function ComparePanel({ studio }: { readonly studio: StudioTheme }) {
  const [with_, setWith] = useState('start')
  const installed = useInstalledThemes()
  const options = [
    { value: 'start', label: 'Where this draft started' },
    { value: 'base', label: 'Mortise, built in' },
    ...installed.map(({ key, label, plugin }) => ({ value: key, label: `${label} ${plugin.version}` })),
  ]
  const chosen = installed.find(({ key }) => key === with_)
  return (
    <div className="s-panel">
      <Select label="Compare with" value={with_} options={options} onChange={setWith} />
      {chosen ? (
        <WithInstalled key={`${with_} ${chosen.plugin.version}`} theme={chosen} studio={studio} />
      ) : with_ === 'base' ? (
        <Changes before={nothing} studio={studio} />
      ) : (
        <WithStart studio={studio} />
      )}
    </div>
  )
}

function WithStart({ studio }: { readonly studio: StudioTheme }) {
  return <Changes before={useStudio((state) => state.draft.source)} studio={studio} />
}

function WithInstalled({ theme, studio }: { readonly theme: KnownTheme; readonly studio: StudioTheme }) {
  const { data, error, reload } = useQuery(`theme source ${versionKey(theme)}`, () => readThemeSource(theme))
  if (error !== undefined)
    return <ErrorNotice title={`${theme.label} could not be read`} error={error} onRetry={reload} />
  return data ? <Changes before={data} studio={studio} /> : <Skeleton shape="block" width={100} />
}

interface ChangesProps {
  readonly before: TokenSource
  readonly studio: StudioTheme
}

function Changes({ before, studio }: ChangesProps) {
  const after = useDeferredValue(studio.source)
  const { added, changed, removed, deprecated } = useMemo(() => compare(before, after), [before, after])
  if (added.length + changed.length + removed.length + deprecated.length === 0) {
    return (
      <EmptyState size="sm" icon={<Equal />} title="The two are the same" description="Value by value." />
    )
  }
  return (
    <>
      <ChangeList title="Changed" changes={changed} />
      <ChangeList title="Added" changes={added} />
      <ChangeList title="Removed" changes={removed} />
      {deprecated.length > 0 && (
        <section className="s-editor__part">
          <h2 className="s-editor__label">
            Deprecated <Badge>{deprecated.length}</Badge>
          </h2>
          <ul className="s-rows">
            {deprecated.map(({ path, reason }) => (
              <li key={path}>
                <button type="button" className="s-row" onClick={() => select(path)}>
                  <span className="c-two-lines">
                    <span>{path}</span>
                    {reason && <span className="c-muted">{reason}</span>}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** Roles by what people see of them, whoever says it; tokens that are no roles by what the files say. */
function compare(before: TokenSource, after: TokenSource): SourceDiff {
  const [old, now] = [composeTheme(baseSource, before), composeTheme(baseSource, after)]
  const modes = now.modes.filter((mode) => old.modes.includes(mode))
  const seen = diffSources(asSeen(old, modes), asSeen(now, modes))
  const { added, removed, changed, deprecated } = diffSources(before, after)
  const own = (list: readonly TokenChange[]) => list.filter(({ path }) => !roles.has(path))
  return { added: own(added), removed: own(removed), changed: [...seen.changed, ...own(changed)], deprecated }
}

const roles: ReadonlySet<string> = new Set(baseTokenPaths)

function asSeen(theme: Theme, modes: Theme['modes']): TokenSource {
  const files = exportFigma({ ...theme, modes })
  const contexts = Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file.replace('.tokens.json', ''), [JSON.parse(text)]]),
  )
  return {
    document: {
      modifiers: { mode: { contexts, default: modes[0] } },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }],
    },
  }
}

function ChangeList({
  title,
  changes,
}: {
  readonly title: string
  readonly changes: readonly TokenChange[]
}) {
  if (changes.length === 0) return null
  return (
    <section className="s-editor__part">
      <h2 className="s-editor__label">
        {title} <Badge>{changes.length}</Badge>
      </h2>
      <ul className="s-rows" aria-label={title}>
        {changes.slice(0, most).map((change) => (
          <li key={`${change.path} ${change.before} ${change.after}`}>
            <button type="button" className="s-row s-change" onClick={() => select(change.path)}>
              <span className="s-change__name">
                <span className="c-clip">{change.path}</span>
                <span className="c-muted">{whereOf(change)}</span>
              </span>
              <span className="s-change__values">
                {change.before !== undefined && <Value text={change.before} />}
                {change.before !== undefined && change.after !== undefined && (
                  <span aria-hidden="true">→</span>
                )}
                {change.after !== undefined && <Value text={change.after} />}
                {change.deltaE !== undefined && (
                  <span className="s-row__value">ΔE {change.deltaE.toFixed(3)}</span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A value as the engine printed it; opaque colors as hex. */
function Value({ text }: { readonly text: string }) {
  const color = readForRole('color.own', text)?.value
  const opaque = color && 'space' in color && color.alpha === 1 ? color : undefined
  return (
    <span className="s-change__value">
      {opaque && <Swatch color={opaque} />}
      <span className="s-mono c-clip">{opaque ? hexOf(opaque) : text}</span>
    </span>
  )
}

/** Modes in which the change is seen; empty where it is seen everywhere. */
function whereOf({ contexts }: TokenChange): string {
  const names = contextNames.filter((name) => contexts.some(({ mode }) => mode === name))
  return names.map((name) => contextLabels[name].toLowerCase()).join('; ')
}
