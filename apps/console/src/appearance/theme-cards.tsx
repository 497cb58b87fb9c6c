import type { PluginStatus } from '@mortise/contract'
import { Button, EmptyState, Link, Section, Skeleton, Tag } from '@mortise/react/host'
import Check from 'lucide-react/icons/check'
import EyeOff from 'lucide-react/icons/eye-off'
import Palette from 'lucide-react/icons/palette'
import { useEffect, useRef } from 'react'
import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { useStore } from 'zustand'
import { RequestError } from '../api/client.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { pluginPath } from '../parts/plugin-path.ts'
import { useInstall } from '../plugins/install.ts'
import { openApproval, usePrompts } from '../state/prompts.ts'
import { host } from '../state/shell.ts'
import { useContrastCheck } from './contrast-report.tsx'
import { useCatalogThemes, useInstalledThemes } from './known-themes.ts'
import { ThemePicture } from './theme-picture.tsx'
import type { KnownTheme } from './theme-source.ts'

interface ThemeChoicesProps {
  /** Those that can be chosen now, beside the built-in one. */
  readonly themes: readonly KnownTheme[]
  readonly chosen: KnownTheme | undefined
  readonly onChange: (theme: KnownTheme | undefined) => void
}

/** The themes that are ready to use, each with its picture. */
export function ThemeChoices({ themes, chosen, onChange }: ThemeChoicesProps) {
  const group = useRef<HTMLDivElement>(null)
  useFocusWhenInstalled(group, themes)
  return (
    <RadioGroup
      ref={group}
      className="c-choice-group"
      value={chosen?.key ?? ''}
      onChange={(key) => onChange(themes.find((theme) => theme.key === key))}
    >
      <Label className="c-choice-group__label">Theme</Label>
      <div className="c-themes">
        <ThemeRadio />
        {themes.map((theme) => (
          <ThemeRadio key={theme.key} theme={theme} />
        ))}
      </div>
    </RadioGroup>
  )
}

function ThemeRadio({ theme }: { readonly theme?: KnownTheme }) {
  const label = theme?.label ?? 'Mortise'
  return (
    <Radio value={theme?.key ?? ''} className="c-theme" aria-label={label}>
      <ThemePicture theme={theme} />
      <span className="c-theme__foot">
        <span className="c-two-lines">
          <span className="c-strong c-clip">{label}</span>
          <span className="c-muted c-clip">{theme?.plugin.author ?? 'Built in'}</span>
        </span>
        {theme && <HardToRead theme={theme} />}
        <Check className="c-theme__check" aria-hidden="true" />
      </span>
    </Radio>
  )
}

/** Themes that take a step before they can be chosen: those of the catalog, and installed ones that are not on. */
export function MoreThemes() {
  const installed = useInstalledThemes()
  const plugins = useStore(host.store, (state) => state.plugins)
  const catalog = useCatalogThemes()
  const install = useInstall()
  const waiting = installed.filter(
    ({ plugin }) => plugins.find(({ id }) => id === plugin.id)?.status !== 'active',
  )
  const themes = [...waiting, ...(catalog.data ?? [])]
  // Only administrators install.
  if (catalog.error instanceof RequestError && catalog.error.code === 'ADMIN_REQUIRED') return null
  const add = (theme: KnownTheme) => {
    awaited = theme.plugin.id
    if (theme.place === 'catalog') void install.byName(theme.plugin.id)
    else openApproval(theme.plugin.id)
  }
  return (
    <Section title="More themes">
      {catalog.error !== undefined && !catalog.data && (
        <ErrorNotice title="The catalog could not be read" error={catalog.error} onRetry={catalog.reload} />
      )}
      {install.failure && (
        <ErrorNotice title={`${install.failure.what} was not installed`} error={install.failure.error} />
      )}
      {themes.length > 0 ? (
        <ul className="c-themes" aria-label="More themes">
          {themes.map((theme) => (
            <li key={theme.key} className="c-theme">
              <ThemePicture theme={theme} />
              <div className="c-theme__foot">
                <div className="c-two-lines">
                  <h3 className="c-strong c-clip">{theme.label}</h3>
                  <span className="c-muted c-clip">{theme.plugin.author}</span>
                </div>
                <HardToRead theme={theme} />
              </div>
              <p className="c-theme__words">{theme.plugin.description}</p>
              <Brings theme={theme} />
              <div className="c-theme__actions">
                <Link href={`/studio?from=${encodeURIComponent(theme.key)}`}>
                  Open <span className="m-visually-hidden">{theme.label} </span>in studio
                </Link>
                <NextStep theme={theme} busy={install.busy} onAdd={add} />
              </div>
            </li>
          ))}
        </ul>
      ) : catalog.data ? (
        <EmptyState
          size="sm"
          icon={<Palette />}
          title={
            installed.length > 0 ? 'Every theme of the catalog is installed' : 'The catalog has no theme'
          }
          description="Themes are plugins that hold colors and sizes, and no code. Make one in the studio."
        >
          <Link href="/studio?new">New theme</Link>
        </EmptyState>
      ) : (
        catalog.error === undefined && (
          <div className="c-themes" aria-busy="true">
            {[1, 2, 3].map((each) => (
              <div key={each} className="c-theme">
                <div className="c-picture c-picture--empty">
                  <Skeleton shape="block" width={100} />
                </div>
                <div className="c-theme__foot">
                  <Skeleton width={40} />
                </div>
              </div>
            ))}
          </div>
        )
      )}
    </Section>
  )
}

/** States that the approval sheet leads out of. */
const reviewed: ReadonlySet<PluginStatus> = new Set(['awaiting-approval', 'disabled'])

interface NextStepProps {
  readonly theme: KnownTheme
  readonly busy: string | undefined
  readonly onAdd: (theme: KnownTheme) => void
}

function NextStep({ theme, busy, onAdd }: NextStepProps) {
  const status = useStore(
    host.store,
    ({ plugins }) => plugins.find(({ id }) => id === theme.plugin.id)?.status,
  )
  if (status !== undefined && !reviewed.has(status)) {
    return <Link href={pluginPath(theme.plugin.id)}>Look at the plugin</Link>
  }
  const word = status === undefined ? 'Install' : 'Review'
  return (
    <Button
      size="sm"
      label={`${word} ${theme.label}`}
      loading={busy === theme.plugin.id}
      disabled={busy !== undefined && busy !== theme.plugin.id}
      onPress={() => onAdd(theme)}
    >
      {word}
    </Button>
  )
}

/** What a theme has beside colors and sizes. */
function Brings({ theme: { contribution } }: { readonly theme: KnownTheme }) {
  const { fonts, icons, branding } = contribution
  const brought = [
    ...(fonts?.length ? ['Own fonts'] : []),
    ...(icons && Object.keys(icons).length > 0 ? ['Own icons'] : []),
    ...(branding?.logo || branding?.mark ? ['Logo'] : []),
    ...(branding?.navigation === 'top' ? ['Navigation at the top'] : []),
  ]
  if (brought.length === 0) return null
  return (
    <ul className="c-theme__brings" aria-label="Brings">
      {brought.map((word) => (
        <li key={word}>
          <Tag>{word}</Tag>
        </li>
      ))}
    </ul>
  )
}

/** A mark on a theme that fails the contrast gate. */
function HardToRead({ theme }: { readonly theme: KnownTheme }) {
  const check = useContrastCheck(theme)
  if (!check || check.pairs.length === 0) return null
  return (
    <span className="c-theme__hard" title="Some of its colors are hard to read">
      <EyeOff aria-hidden="true" />
      <span className="m-visually-hidden">Some of its colors are hard to read</span>
    </span>
  )
}

/** Plugin whose theme a person asked for on this page. */
let awaited: string | undefined

/** A theme that was asked for and approved is the next thing to press: its card, and focus, go to the list above. */
function useFocusWhenInstalled(
  group: { readonly current: HTMLDivElement | null },
  themes: readonly KnownTheme[],
): void {
  const approving = usePrompts((state) => state.approving !== undefined)
  useEffect(() => {
    const theme = themes.find(({ plugin }) => plugin.id === awaited)
    if (approving || !theme) return
    awaited = undefined
    // After the closing dialog has given focus back to a button that is gone.
    const frame = requestAnimationFrame(() =>
      group.current?.querySelector<HTMLInputElement>(`input[value="${CSS.escape(theme.key)}"]`)?.focus(),
    )
    return () => cancelAnimationFrame(frame)
  }, [group, themes, approving])
}
