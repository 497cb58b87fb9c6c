import type { ThemeRecord } from '@mortise/contract'
import { Button, EmptyState, Link, Notice, PageHeader, Section } from '@mortise/react/host'
import Check from 'lucide-react/icons/check'
import EyeOff from 'lucide-react/icons/eye-off'
import Palette from 'lucide-react/icons/palette'
import type { ComponentType } from 'react'
import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { useStore } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { modes } from '../layout/top-bar.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { usePageTitle } from '../parts/page.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { useMedia } from '../state/preferences.ts'
import { useQuery } from '../state/query.ts'
import { changeTheme, host, themeKey } from '../state/shell.ts'
import { ContrastReport, useContrastCheck } from './contrast-report.tsx'
import { ThemePicture } from './theme-picture.tsx'
import type { ThemePreview } from './theme-preview.ts'
import type { InstalledTheme } from './theme-source.ts'

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

interface Choice {
  readonly key: string
  readonly label: string
  readonly by: string
  readonly installed?: InstalledTheme
}

const builtIn: Choice = { key: '', label: 'Mortise', by: 'Built in' }

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
  const systemDark = useMedia('(prefers-color-scheme: dark)')
  const plugins = useStore(host.store, (state) => state.plugins)
  const mode = theme.mode === 'system' ? (systemDark ? 'dark' : 'light') : theme.mode
  const choices: readonly Choice[] = [
    builtIn,
    ...plugins
      .filter(({ status }) => status === 'active')
      .flatMap((plugin) =>
        plugin.themes.map((contribution) => ({
          key: `${plugin.id} ${contribution.id}`,
          label: contribution.label,
          by: plugin.author,
          installed: { plugin, contribution },
        })),
      ),
  ]
  const chosen = theme.theme ? `${theme.theme.plugin} ${theme.theme.id}` : ''
  const used = choices.find(({ key }) => key === chosen)?.installed
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
      <RadioGroup
        className="c-choice-group"
        value={chosen}
        onChange={(key) => {
          const choice = choices.find((each) => each.key === key)
          const { plugin, contribution } = choice?.installed ?? {}
          void changeTheme({
            theme: plugin && contribution ? { plugin: plugin.id, id: contribution.id } : null,
            repaired: false,
          })
        }}
      >
        <Label className="c-choice-group__label">Theme</Label>
        <div className="c-themes">
          {choices.map((choice) => (
            <ThemeCard key={choice.key} choice={choice} mode={mode} />
          ))}
        </div>
      </RadioGroup>
      {used && (
        <ContrastReport
          installed={used}
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
      {choices.length === 1 && (
        <Section title="More themes">
          <EmptyState
            size="sm"
            icon={<Palette />}
            title="No theme is installed"
            description="Themes are plugins that hold colors and sizes, and no code."
          >
            <Link href="/plugins?tab=catalog">Browse the catalog</Link>
          </EmptyState>
        </Section>
      )}
      {theme.contrast === 'more' && theme.theme && (
        <Notice title="More contrast comes first">
          Where a theme has no high contrast colors of its own, the built-in ones are used.
        </Notice>
      )}
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

function ThemeCard({ choice, mode }: { readonly choice: Choice; readonly mode: 'light' | 'dark' }) {
  const { key, label, by, installed } = choice
  const version = installed?.plugin.version ?? ''
  const { data, error } = useQuery<ThemePreview>(`preview ${key} ${version}`, async () => {
    const { previewTheme } = await import('./theme-preview.ts')
    return previewTheme(installed)
  })
  return (
    <Radio value={key} className="c-theme" aria-label={label}>
      {error === undefined ? (
        <ThemePicture preview={data} mode={mode} />
      ) : (
        <div className="c-picture c-picture--empty">No picture</div>
      )}
      <span className="c-theme__foot">
        <span className="c-two-lines">
          <span className="c-strong c-clip">{label}</span>
          <span className="c-muted c-clip">{by}</span>
        </span>
        {installed && <HardToRead installed={installed} />}
        <Check className="c-theme__check" aria-hidden="true" />
      </span>
    </Radio>
  )
}

/** A mark on the card of a theme that fails the contrast gate. */
function HardToRead({ installed }: { readonly installed: InstalledTheme }) {
  const check = useContrastCheck(installed)
  if (!check || check.pairs.length === 0) return null
  return (
    <span className="c-theme__hard" title="Some of its colors are hard to read">
      <EyeOff aria-hidden="true" />
      <span className="m-visually-hidden">Some of its colors are hard to read</span>
    </span>
  )
}
