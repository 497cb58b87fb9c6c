import { Button, Select, Switch, Tooltip } from '@mortise/react/host'
import type { Mode } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { withOtherMode } from '@mortise/tokens/palette'
import Component from 'lucide-react/icons/component'
import Contrast from 'lucide-react/icons/contrast'
import LayoutDashboard from 'lucide-react/icons/layout-dashboard'
import Moon from 'lucide-react/icons/moon'
import PilcrowLeft from 'lucide-react/icons/pilcrow-left'
import Plus from 'lucide-react/icons/plus'
import Rows3 from 'lucide-react/icons/rows-3'
import Rows4 from 'lucide-react/icons/rows-4'
import Sun from 'lucide-react/icons/sun'
import type { ReactNode } from 'react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { toast, toastFailure } from '../state/toasts.ts'
import { endTrial, useTrial } from '../state/trial.ts'
import { sourceOf } from './draft.ts'
import { visionLabels } from './labels.ts'
import { Segments } from './segments.tsx'
import { change, useStudio, type Vision } from './studio-store.ts'
import { tryOn } from './try-on.ts'
import type { StudioTheme } from './use-theme.ts'

const visions = Object.entries(visionLabels).map(([value, label]) => ({ value, label }))

/** What of the theme the preview shows, and whether the whole console wears it. */
export function ViewBar({ studio: { draft, theme, context } }: { readonly studio: StudioTheme }) {
  const scene = useStudio((state) => state.scene)
  const vision = useStudio((state) => state.vision)
  const trying = useTrial((state) => state.wearing !== undefined)
  const missing = (['light', 'dark'] as const).find((mode) => !theme.modes.includes(mode))
  const hasBrands = theme.brands.length > 1
  const only = theme.modes.length === 1 ? ` (this theme is ${theme.modes[0]} only)` : ''
  return (
    <div className={hasBrands ? 's-view s-view--brands' : 's-view'} role="toolbar" aria-label="Preview">
      <Segments
        label="What is shown"
        value={scene}
        onChange={(next) => useStudio.setState({ scene: next })}
        options={[
          { value: 'console', label: 'Console', icon: <LayoutDashboard /> },
          { value: 'components', label: 'Components', icon: <Component /> },
        ]}
      />
      <Segments
        label={`Mode${only}`}
        value={context.mode}
        onChange={(mode) => useStudio.setState({ mode })}
        options={[
          { value: 'light', label: 'Light', icon: <Sun />, disabled: !theme.modes.includes('light') },
          { value: 'dark', label: 'Dark', icon: <Moon />, disabled: !theme.modes.includes('dark') },
        ]}
      />
      {missing && (
        <Button size="sm" icon={<Plus />} onPress={() => addMode(missing)}>
          {missing === 'dark' ? 'Add dark mode' : 'Add light mode'}
        </Button>
      )}
      <div className="s-view__toggles">
        <Toggle
          label="More contrast"
          icon={<Contrast />}
          on={context.contrast === 'more'}
          onChange={(on) => useStudio.setState({ contrast: on ? 'more' : 'normal' })}
        />
        <Toggle
          label="Compact"
          icon={context.density === 'compact' ? <Rows4 /> : <Rows3 />}
          on={context.density === 'compact'}
          onChange={(on) => useStudio.setState({ density: on ? 'compact' : 'cosy' })}
        />
        <Toggle
          label="Right to left"
          icon={<PilcrowLeft />}
          on={context.direction === 'rtl'}
          onChange={(on) => useStudio.setState({ direction: on ? 'rtl' : 'ltr' })}
        />
      </div>
      {hasBrands && (
        <Select
          size="sm"
          className="s-view__select"
          placeholder="Brand"
          value={context.brand || theme.brands[0]}
          options={theme.brands.map((brand) => ({ value: brand, label: brand }))}
          onChange={(brand) => useStudio.setState({ brand })}
        />
      )}
      <Select
        size="sm"
        className="s-view__select"
        placeholder="Color vision"
        value={vision}
        options={visions}
        onChange={(next) => useStudio.setState({ vision: next as Vision })}
      />
      <span className="s-view__try">
        <Switch
          label={
            <>
              Try on<span className="s-view__where"> the console</span>
            </>
          }
          checked={trying}
          onChange={(on) =>
            void (on
              ? tryOn(draft, theme, context).catch((error) =>
                  toastFailure('The theme cannot be tried on', error),
                )
              : endTrial())
          }
        />
      </span>
    </div>
  )
}

/** Draws the mode that the theme does not have from the one it has, as one step that can be taken back. */
function addMode(mode: Mode): void {
  const { draft } = useStudio.getState()
  change({ ...draft, source: withOtherMode(baseSource, sourceOf(draft)), edits: {} })
  useStudio.setState({ mode })
  toast(
    mode === 'dark' ? 'Dark mode drawn' : 'Light mode drawn',
    'From the colors of the other. Undo takes it back.',
  )
}

interface ToggleProps {
  readonly label: string
  readonly icon: ReactNode
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}

function Toggle({ label, icon, on, onChange }: ToggleProps) {
  return (
    <Tooltip text={label}>
      <ToggleButton className="s-toggle" aria-label={label} isSelected={on} onChange={onChange}>
        {icon}
      </ToggleButton>
    </Tooltip>
  )
}
