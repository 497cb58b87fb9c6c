import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { ComponentScene } from './component-scene.tsx'
import { ConsoleScene } from './console-scene.tsx'
import { PartPainter, seenAs } from './paint.ts'
import { useStudio } from './studio-store.ts'
import type { StudioTheme } from './use-theme.ts'

/** The draft worn by a piece of the console, while the studio around it keeps its own look. */
export function Stage({ studio: { theme, context } }: { readonly studio: StudioTheme }) {
  const vision = useStudio((state) => state.vision)
  const scene = useStudio((state) => state.scene)
  const [painter] = useState(() => new PartPainter('.s-stage'))
  const shown = useMemo(() => seenAs(theme, vision), [theme, vision])
  useLayoutEffect(() => painter.paint(shown, context), [painter, shown, context])
  useEffect(() => () => painter.release(), [painter])
  return (
    <section
      className="s-stage"
      aria-label={`Preview, ${context.mode}`}
      dir={context.direction}
      data-density={context.density}
    >
      {scene === 'console' ? <ConsoleScene /> : <ComponentScene />}
    </section>
  )
}
