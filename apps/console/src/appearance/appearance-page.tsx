import type { ThemeRecord } from '@mortise/contract'
import { Button, Link, Notice, PageHeader } from '@mortise/react/host'
import type { ComponentType } from 'react'
import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { useStore } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { modes } from '../layout/top-bar.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { usePageTitle } from '../parts/page.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { useQuery } from '../state/query.ts'
import { changeTheme, host, themeKey } from '../state/shell.ts'
import { ContrastReport } from './contrast-report.tsx'
import { useInstalledThemes } from './known-themes.ts'
import { MoreThemes, ThemeChoices } from './theme-cards.tsx'

const contrasts = [
  { value: 'system', label: 'Same as system' },
  { value: 'normal', label: 'Normal' },
  { value: 'more', label: 'More' },
] as const

const densities = [
  { value: 'system', label: 'Same as theme' },
  { value: 'cosy', label: 'Cosy' },
  { value: 'compact', label: 'Compact' },
] as const

const motions = [
  { value: 'system', label: 'Same as system' },
  { value: 'full', label: 'Full' },
  { value: 'reduced', label: 'Reduced' },
] as const

/** Light or dark, contrast, density, motion, and the theme. Every choice repaints at once. */
export function AppearancePage() {
  usePageTitle('Appearance')
  const { data, error, reload } = useQuery(themeKey, themeApi.read)
  return (
    <div className="c-page">
      <PageHeader
        title="Appearance"
        description="Yours alone: other people keep their own."
        actions={
          <>
            {data?.theme && (
              <Link href={`/studio?from=${encodeURIComponent(`${data.theme.plugin}/${data.theme.id}`)}`}>
                Open in studio
              </Link>
            )}
            <Link href="/studio?new">New theme</Link>
          </>
        }
      />
      {error !== undefined && (
        <ErrorNotice title="The appearance could not be read" error={error} onRetry={reload} />
      )}
      {data ? <Choices theme={data} /> : error === undefined && <TableSkeleton rows={4} />}
    </div>
  )
}

function Choices({ theme }: { readonly theme: ThemeRecord }) {
  const plugins = useStore(host.store, (state) => state.plugins)
  const active = new Set(plugins.filter(({ status }) => status === 'active').map(({ id }) => id))
  const themes = useInstalledThemes().filter(({ plugin }) => active.has(plugin.id))
  const used = themes.find(
    ({ plugin, contribution }) => plugin.id === theme.theme?.plugin && contribution.id === theme.theme.id,
  )
  return (
    <div className="c-appearance">
      <div className="c-appearance__axes">
        <Segments
          label="Mode"
          value={theme.mode}
          options={modes.map(({ mode: value, label, Icon }) => ({ value, label, Icon }))}
          onChange={(mode) => void changeTheme({ mode })}
        />
        <Segments
          label="Contrast"
          value={theme.contrast}
          options={contrasts}
          onChange={(contrast) => void changeTheme({ contrast })}
        />
        <Segments
          label="Density"
          value={theme.density}
          options={densities}
          onChange={(density) => void changeTheme({ density })}
        />
        <Segments
          label="Motion"
          value={theme.motion}
          options={motions}
          onChange={(motion) => void changeTheme({ motion })}
        />
        {theme.brands.length > 1 && (
          <Segments
            label="Brand"
            value={theme.brands.includes(theme.brand) ? theme.brand : theme.brands[0]!}
            options={theme.brands.map((brand) => ({ value: brand, label: brand }))}
            onChange={(brand) => void changeTheme({ brand })}
          />
        )}
      </div>
      <ThemeChoices
        themes={themes}
        chosen={used}
        onChange={(next) =>
          void changeTheme({
            theme: next ? { plugin: next.plugin.id, id: next.contribution.id } : null,
            repaired: false,
          })
        }
      />
      {used && (
        <ContrastReport
          theme={used}
          repaired={theme.repaired}
          actions={
            <>
              <Button
                variant={theme.repaired ? 'secondary' : 'primary'}
                onPress={() => void changeTheme({ repaired: !theme.repaired })}
              >
                {theme.repaired ? 'Use the original colors' : 'Use repaired colors'}
              </Button>
              <Button onPress={() => void changeTheme({ theme: null, repaired: false })}>
                Go back to Mortise
              </Button>
            </>
          }
        />
      )}
      {theme.contrast === 'more' && theme.theme && (
        <Notice title="More contrast comes first">
          Where a theme has no high contrast colors of its own, the built-in ones are used.
        </Notice>
      )}
      <MoreThemes />
    </div>
  )
}

interface SegmentsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly {
    readonly value: T
    readonly label: string
    readonly Icon?: ComponentType<{ 'aria-hidden': 'true' }>
  }[]
  readonly onChange: (value: T) => void
}

/** One of a few values, side by side. */
function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <RadioGroup className="c-choice-group" value={value} onChange={(next) => onChange(next as T)}>
      <Label className="c-choice-group__label">{label}</Label>
      <div className="c-segments">
        {options.map(({ value: option, label: text, Icon }) => (
          <Radio key={option} value={option} className="c-segment">
            {Icon && <Icon aria-hidden="true" />}
            {text}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}
