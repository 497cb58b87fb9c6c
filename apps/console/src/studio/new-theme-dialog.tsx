import { Button, Dialog, Notice, TextField } from '@mortise/react/host'
import { type Color, printColor } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { readForRole } from '@mortise/tokens/import'
import { type Preset, presets, themeFromBrand, withPreset } from '@mortise/tokens/palette'
import { hexOf } from '@mortise/tokens/repair'
import FileUp from 'lucide-react/icons/file-up'
import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import { useCatalogThemes, useInstalledThemes } from '../appearance/known-themes.ts'
import { ThemePicture } from '../appearance/theme-picture.tsx'
import { type KnownTheme, readThemePictures, readThemeSource } from '../appearance/theme-source.ts'
import { toast, toastFailure } from '../state/toasts.ts'
import { type DraftBranding, emptyDraft } from './draft.ts'
import { readThemeFonts } from './fonts.ts'
import { presetLabels } from './labels.ts'
import { startFrom, useStudio } from './studio-store.ts'

interface NewThemeDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onFiles: (files: readonly File[]) => void
}

/** Where a theme can start: nothing, a theme that is there, brand colors, a preset or files. */
export function NewThemeDialog({ open, onClose, onFiles }: NewThemeDialogProps) {
  const themes = [...useInstalledThemes(), ...(useCatalogThemes().data ?? [])]
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Start a theme"
      description="What you have now is one step back: undo returns to it."
      size="lg"
    >
      <div className="s-new">
        <section>
          <h3 className="s-editor__label">From brand colors</h3>
          <BrandStart onDone={onClose} />
        </section>
        <section>
          <h3 className="s-editor__label">From a theme</h3>
          <div className="s-new__cards">
            <StartCard
              label="Blank"
              note="The built-in look"
              onStart={() => {
                startFrom(emptyDraft)
                useStudio.setState({ tab: 'token' })
                onClose()
              }}
            />
            {themes.map((theme) => (
              <StartCard
                key={theme.key}
                label={theme.label}
                note={theme.place === 'catalog' ? 'In the catalog' : `Installed, ${theme.plugin.version}`}
                theme={theme}
                onStart={() => {
                  onClose()
                  void startFromTheme(theme)
                }}
              />
            ))}
          </div>
        </section>
        <section>
          <h3 className="s-editor__label">From an accessibility preset</h3>
          <div className="s-new__presets">
            {Object.entries(presets).map(([preset, description]) => (
              <AriaButton
                key={preset}
                className="s-new__preset"
                onPress={() => {
                  const source = withPreset(baseSource, emptyDraft.source, preset as Preset)
                  startFrom({ ...emptyDraft, name: presetLabels[preset as Preset], source })
                  onClose()
                }}
              >
                <span className="c-strong">{presetLabels[preset as Preset]}</span>
                <span className="c-muted">{description}</span>
              </AriaButton>
            ))}
          </div>
        </section>
        <section>
          <h3 className="s-editor__label">From files</h3>
          <div className="s-new__files">
            <FileTrigger
              allowsMultiple
              onSelect={(files) => {
                if (!files?.length) return
                onClose()
                onFiles([...files])
              }}
            >
              <Button icon={<FileUp />}>Choose files</Button>
            </FileTrigger>
            <span className="c-muted">
              Figma and other DTCG exports, Tokens Studio, VS Code themes, StreamSpace themes, style sheets
              with custom properties, packages and zips. Or drop them anywhere in the studio.
            </span>
          </div>
        </section>
      </div>
    </Dialog>
  )
}

/** Takes a theme of a plugin as the draft. */
export async function startFromTheme(theme: KnownTheme): Promise<void> {
  try {
    const source = await readThemeSource(theme)
    const branding = brandingOf(theme.contribution, await readThemePictures(theme))
    const bringsFonts = (theme.contribution.fonts ?? []).length > 0
    const fonts = bringsFonts && theme.place === 'installed' ? await readThemeFonts(theme) : undefined
    startFrom({ name: theme.label, version: theme.plugin.version, source, edits: {}, branding, fonts })
    useStudio.setState({ tab: 'token' })
    if (bringsFonts && !fonts) {
      toast(`${theme.label} opened without its fonts`, 'They come along once the theme is installed.')
    }
  } catch (error) {
    toastFailure(`${theme.label} could not be opened`, error)
  }
}

/** What a theme brings beside its tokens and fonts, as a draft has it. */
function brandingOf(
  { branding: { logo, mark, name, navigation, density } = {}, icons = {} }: KnownTheme['contribution'],
  pictures: Readonly<Record<string, string>>,
): DraftBranding | undefined {
  const drawn = Object.entries(icons).flatMap(([icon, path]) => {
    const text = pictures[path]
    return text === undefined ? [] : [[icon, text] as const]
  })
  const parts = Object.entries({
    name,
    navigation,
    density,
    logo: logo && pictures[logo],
    mark: mark && pictures[mark],
    icons: drawn.length > 0 ? Object.fromEntries(drawn) : undefined,
  }).filter(([, value]) => value !== undefined)
  return parts.length > 0 ? Object.fromEntries(parts) : undefined
}

interface StartCardProps {
  readonly label: string
  readonly note: string
  readonly theme?: KnownTheme
  readonly onStart: () => void
}

function StartCard({ label, note, theme, onStart }: StartCardProps) {
  return (
    <AriaButton className="s-new__card" onPress={onStart}>
      <ThemePicture theme={theme} />
      <span className="c-two-lines">
        <span className="c-strong">{label}</span>
        <span className="c-muted">{note}</span>
      </span>
    </AriaButton>
  )
}

function BrandStart({ onDone }: { readonly onDone: () => void }) {
  const [texts, setTexts] = useState(['#6d5ae6', '', ''])
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const make = () => {
    setBusy(true)
    // Half a second of search: the button says so before it starts.
    setTimeout(() => {
      try {
        const brand = texts.filter((text) => text.trim() !== '')
        startFrom({ ...emptyDraft, name: 'Brand', source: themeFromBrand(baseSource, { brand }).source })
        useStudio.setState({ tab: 'token' })
        onDone()
      } catch (thrown) {
        setError((thrown as Error).message)
      } finally {
        setBusy(false)
      }
    }, 50)
  }
  return (
    <>
      <div className="s-new__brand">
        {texts.map((text, i) => {
          const label = i === 0 ? 'Accent' : `Chart color ${i + 1}`
          const color = colorOf(text)
          return (
            <div key={i} className="s-new__color">
              <span className="s-new__well">
                <span style={color ? { backgroundColor: printColor(color) } : {}} aria-hidden="true" />
                <input
                  type="color"
                  aria-label={`${label}, picker`}
                  value={color ? hexOf(color) : '#808080'}
                  onChange={({ target }) => setTexts(texts.map((old, at) => (at === i ? target.value : old)))}
                />
              </span>
              <TextField
                label={label}
                mono
                placeholder={i === 0 ? '#6d5ae6' : 'Optional'}
                value={text}
                onChange={(next) => setTexts(texts.map((old, at) => (at === i ? next : old)))}
              />
            </div>
          )
        })}
        <Button variant="primary" loading={busy} onPress={make}>
          Draw the palette
        </Button>
      </div>
      {error !== undefined && (
        <Notice tone="danger" title="No palette was drawn">
          {error}
        </Notice>
      )}
    </>
  )
}

function colorOf(text: string): Color | undefined {
  const read = readForRole('color.accent.solid', text)?.value
  return read && 'space' in read ? read : undefined
}
