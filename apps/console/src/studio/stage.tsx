import { composeTheme, type Theme, type ThemeContext } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { ownIcons } from '../appearance/branding.ts'
import type { IconPainter } from '../appearance/icon-set.ts'
import { ComponentScene } from './component-scene.tsx'
import { ConsoleScene } from './console-scene.tsx'
import { type Draft, sourceOf } from './draft.ts'
import { useDraftFonts, withDraftFonts } from './fonts.ts'
import { PartPainter, seenAs } from './paint.ts'
import { useStudio, type Vision } from './studio-store.ts'
import type { StudioTheme } from './use-theme.ts'

/** The draft worn by a piece of the console, while the studio around it keeps its own look. */
export function Stage({ studio: { theme, context } }: { readonly studio: StudioTheme }) {
  const vision = useStudio((state) => state.vision)
  const scene = useStudio((state) => state.scene)
  const [painter] = useState(() => new PartPainter('.s-stage'))
  const fonts = useStudio((state) => state.draft.fonts)
  const shown = useMemo(() => dressed(theme, fonts, vision), [theme, fonts, vision])
  useLayoutEffect(() => painter.paint(shown, context), [painter, shown, context])
  useEffect(() => followDraft(painter, vision, context), [painter, vision, context])
  useEffect(() => () => painter.release(), [painter])
  useDraftIcons()
  useDraftFonts()
  return (
    <section
      className="s-stage"
      aria-label={`Preview, ${context.mode}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
      tabIndex={0}
      dir={context.direction}
      data-density={context.density}
      {...{ [ownIcons]: '' }}
    >
      {scene === 'console' ? <ConsoleScene /> : <ComponentScene />}
    </section>
  )
}

function dressed(theme: Theme, fonts: Draft['fonts'], vision: Vision): Theme {
  return seenAs(withDraftFonts(theme, fonts), vision)
}

/** Draws the icons of the preview with those of the draft. */
function useDraftIcons(): void {
  const icons = useStudio((state) => state.draft.branding?.icons)
  useEffect(() => {
    if (!icons) return
    let painter: IconPainter | undefined
    let gone = false
    void import('../appearance/icon-set.ts').then((set) => {
      if (gone) return
      painter = new set.IconPainter(`[${ownIcons}] &`)
      return painter.paint(Promise.resolve(icons))
    })
    return () => {
      gone = true
      painter?.release()
    }
  }, [icons])
}

/**
 * Paints a value while it is dragged: once a frame, and nothing else of the page is drawn anew.
 * Without motion, as each step would start transitions that the next one ends.
 */
function followDraft(painter: PartPainter, vision: Vision, context: ThemeContext): () => void {
  const still = { ...context, motion: 'reduced' } as const
  let frame = 0
  const stop = useStudio.subscribe(({ draft, settled }, before) => {
    if (draft === before.draft) return
    cancelAnimationFrame(frame)
    if (draft === settled) return
    frame = requestAnimationFrame(() =>
      painter.paint(dressed(composeTheme(baseSource, sourceOf(draft)), draft.fonts, vision), still),
    )
  })
  return () => {
    stop()
    cancelAnimationFrame(frame)
  }
}
