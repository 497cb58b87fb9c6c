import { type Color, printColor } from '@mortise/tokens'

interface SwatchProps {
  readonly color: Color
  readonly size?: 'sm' | 'lg'
}

/** A color as a small square. */
export function Swatch({ color, size = 'sm' }: SwatchProps) {
  return (
    <span className={`s-swatch s-swatch--${size}`} aria-hidden="true">
      <span style={{ backgroundColor: printColor(color) }} />
    </span>
  )
}
