import type { Color } from '@mortise/tokens'
import { type Lch, lchOf, oklch } from '@mortise/tokens/repair'
import { useState } from 'react'
import { Swatch } from './swatch.tsx'
import { Track } from './track.tsx'
import { fitsScreens } from './values.ts'

interface ColorSlidersProps {
  readonly color: Color
  /** Whether the role may be translucent. */
  readonly translucent?: boolean
  readonly onChange: (color: Color) => void
}

const wheel = [0, 60, 120, 180, 240, 300, 360].map((angle) => `oklch(0.7 0.14 ${angle})`).join(', ')

/** Lightness, chroma and hue of a color in OKLCH, and how opaque it is. */
export function ColorSliders({ color, translucent = false, onChange }: ColorSlidersProps) {
  const now = lchOf(color)
  // Grey has no hue: what was chosen is kept, so that chroma can come back to it.
  const [hue, setHue] = useState(now.h)
  const lch: Lch = now.c < 0.0005 ? { ...now, h: hue } : now
  const { l, c, h } = lch
  const set = (part: Partial<Lch>) => {
    if (part.h !== undefined) setHue(part.h)
    onChange(oklch({ ...lch, ...part }, color.alpha))
  }
  return (
    <>
      <div className="s-color">
        <Swatch color={color} size="lg" />
        <span className="s-color__numbers">
          <span className="s-mono">
            oklch {l.toFixed(3)} {c.toFixed(3)} {h.toFixed(1)}
          </span>
          <span className="c-muted">{fitsScreens(lch) ? 'In sRGB' : 'At the edge of sRGB'}</span>
        </span>
      </div>
      <Track
        label="Lightness"
        value={l * 100}
        max={100}
        step={0.5}
        unit="%"
        fill={`linear-gradient(to right in oklab, oklch(0 ${c} ${h}), oklch(0.5 ${c} ${h}), oklch(1 0 ${h}))`}
        onChange={(value) => set({ l: value / 100 })}
      />
      <Track
        label="Chroma"
        value={c}
        max={0.37}
        step={0.002}
        fill={`linear-gradient(to right in oklab, oklch(${l} 0 ${h}), oklch(${l} 0.37 ${h}))`}
        onChange={(value) => set({ c: value })}
      />
      <Track
        label="Hue"
        value={h}
        max={360}
        step={1}
        unit="°"
        fill={`linear-gradient(to right, ${wheel})`}
        onChange={(value) => set({ h: value })}
      />
      {translucent && (
        <Track
          label="Opacity"
          value={color.alpha * 100}
          max={100}
          step={1}
          unit="%"
          onChange={(value) => onChange(oklch(lch, value / 100))}
        />
      )}
    </>
  )
}
