import { Select, Switch, Tooltip } from '@mortise/react/host'
import Component from 'lucide-react/icons/component'
import Contrast from 'lucide-react/icons/contrast'
import LayoutDashboard from 'lucide-react/icons/layout-dashboard'
import Moon from 'lucide-react/icons/moon'
import PilcrowLeft from 'lucide-react/icons/pilcrow-left'
import Rows3 from 'lucide-react/icons/rows-3'
import Rows4 from 'lucide-react/icons/rows-4'
import Sun from 'lucide-react/icons/sun'
import type { ReactNode } from 'react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { toastFailure } from '../state/toasts.ts'
import { endTrial, useTrial } from '../state/trial.ts'
import { visionLabels } from './labels.ts'
import { Segments } from './segments.tsx'
import { useStudio, type Vision } from './studio-store.ts'
import { tryOn } from './try-on.ts'
import type { StudioTheme } from './use-theme.ts'

const visions = Object.entries(visionLabels).map(([value, label]) => ({ value, label }))

/** What of the theme the preview shows, and whether the whole console wears it. */
export function ViewBar({ studio: { theme, context } }: { readonly studio: StudioTheme }) {
  const { scene, vision, draft } = useStudio()
  const trying = useTrial((state) => state.wearing !== undefined)
  const only = theme.modes.length === 1 ? ` (this theme is ${theme.modes[0]} only)` : ''
  return (
    <div className="s-view" role="toolbar" aria-label="Preview">
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
      {theme.brands.length > 1 && (
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
          label="Try on the console"
          checked={trying}
          onChange={(on) =>
            void (on
              ? tryOn(draft.name, theme, context).catch((error) =>
                  toastFailure('The theme cannot be tried on', error),
                )
              : endTrial())
          }
        />
      </span>
    </div>
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
