import { Button, IconButton, Menu, type MenuEntry } from '@mortise/react/host'
import { baseSource } from '@mortise/tokens/base'
import { type Preset, presets, withPreset } from '@mortise/tokens/palette'
import Accessibility from 'lucide-react/icons/accessibility'
import Download from 'lucide-react/icons/download'
import Link2 from 'lucide-react/icons/link-2'
import PackagePlus from 'lucide-react/icons/package-plus'
import Plus from 'lucide-react/icons/plus'
import Redo2 from 'lucide-react/icons/redo-2'
import ShieldAlert from 'lucide-react/icons/shield-alert'
import ShieldCheck from 'lucide-react/icons/shield-check'
import Undo2 from 'lucide-react/icons/undo-2'
import { Input } from 'react-aria-components/Input'
import { TextField } from 'react-aria-components/TextField'
import { toast, toastFailure } from '../state/toasts.ts'
import { sourceOf } from './draft.ts'
import { download, formats } from './export-theme.ts'
import { presetLabels } from './labels.ts'
import { themeId } from './package-theme.ts'
import { shareLink } from './share.ts'
import { change, redo, undo, useStudio } from './studio-store.ts'
import type { StudioTheme } from './use-theme.ts'

interface StudioBarProps {
  readonly studio: StudioTheme
  readonly onNew: () => void
  readonly onSave: () => void
}

/** The theme's name, steps back and forth, and every way out. */
export function StudioBar({ studio, onNew, onSave }: StudioBarProps) {
  const { draft, theme, gate } = studio
  const name = useStudio((state) => state.draft.name)
  const canUndo = useStudio((state) => state.past.length > 0)
  const canRedo = useStudio((state) => state.future.length > 0)
  return (
    <header className="s-bar">
      <h1 className="m-visually-hidden">Theme studio</h1>
      <TextField
        className="s-bar__name"
        aria-label="Name of the theme"
        value={name}
        maxLength={80}
        onChange={(next) => next !== '' && change({ ...useStudio.getState().draft, name: next }, 'name')}
      >
        <Input className="s-bar__input" />
      </TextField>
      <div className="s-bar__group">
        <Button size="sm" icon={<Plus />} onPress={onNew}>
          New
        </Button>
        <Menu
          label="Accessibility layers"
          trigger={
            <Button size="sm" menu icon={<Accessibility />}>
              Presets
            </Button>
          }
          placement="bottom start"
          items={presetEntries}
        />
        <IconButton size="sm" label="Undo" icon={<Undo2 />} disabled={!canUndo} onPress={undo} />
        <IconButton size="sm" label="Redo" icon={<Redo2 />} disabled={!canRedo} onPress={redo} />
      </div>
      <div className="s-bar__group s-bar__group--end">
        <Button
          size="sm"
          variant="ghost"
          icon={gate.passes ? <ShieldCheck /> : <ShieldAlert />}
          className={gate.passes ? 's-bar__gate' : 's-bar__gate s-bar__gate--failing'}
          onPress={() => useStudio.setState({ tab: 'contrast', pane: 'details' })}
        >
          {gate.passes ? 'All readable' : `${gate.failures.length} hard to read`}
        </Button>
        <Button size="sm" icon={<Link2 />} onPress={() => void share()}>
          Share
        </Button>
        <Menu
          label="Export as"
          trigger={
            <Button size="sm" menu icon={<Download />}>
              Export
            </Button>
          }
          items={formats.map(({ id, label, description, file, write }) => ({
            id,
            label,
            description,
            onAction: () => download(`${themeId(draft.name)}.${file}`, write(theme)),
          }))}
        />
        <Button size="sm" variant="primary" icon={<PackagePlus />} onPress={onSave}>
          Package
        </Button>
      </div>
    </header>
  )
}

const presetEntries: readonly MenuEntry[] = Object.entries(presets).map(([preset, description]) => ({
  id: preset,
  label: presetLabels[preset as Preset],
  description,
  onAction: () => {
    const { draft } = useStudio.getState()
    change({ ...draft, source: withPreset(baseSource, sourceOf(draft), preset as Preset), edits: {} })
    toast(`${presetLabels[preset as Preset]} laid over ${draft.name}`)
  },
}))

const shared = 'Whoever opens it has the theme in their studio. Nothing is stored on the server.'
const sharedWithoutFonts = 'Fonts do not fit into a link: send the package to bring them.'

async function share(): Promise<void> {
  const { draft } = useStudio.getState()
  const words = draft.fonts ? sharedWithoutFonts : shared
  let link: string
  try {
    link = await shareLink(draft)
  } catch (error) {
    toastFailure('There is no link', error)
    return
  }
  try {
    await navigator.clipboard.writeText(link)
    toast('Link copied', words)
  } catch {
    // Without a secure connection, or where a person forbids it, pages have no clipboard.
    history.replaceState(history.state, '', link)
    toast('The link is in the address bar', words)
  }
}
