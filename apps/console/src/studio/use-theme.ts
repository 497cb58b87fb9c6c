import {
  composeTheme,
  resolveTokens,
  type Theme,
  type ThemeContext,
  type Token,
  type TokenSource,
} from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { type AliasGraph, aliasGraph } from '@mortise/tokens/diagnose'
import { checkTheme, type GateReport } from '@mortise/tokens/gate'
import { useEffect, useMemo, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { type ContextName, type Draft, sourceOf } from './draft.ts'
import { useStudio } from './studio-store.ts'

/** What follows from the draft and from what of it is looked at. */
export interface StudioTheme {
  /** At rest: a value that is being dragged comes a moment later. */
  readonly draft: Draft
  readonly source: TokenSource
  readonly theme: Theme
  /** Every pair measured. */
  readonly gate: GateReport
  /** The theme that was measured: a moment late while a value is dragged. */
  readonly measured: TokenSource
  /** The context shown: one that the theme has. */
  readonly context: ThemeContext
  readonly contextName: ContextName
  /** All roles as the context has them. */
  readonly tokens: ReadonlyMap<string, Token>
  /** Tokens of the theme's own beside the roles, for aliases to point at. */
  readonly own: ReadonlyMap<string, Token>
  readonly aliases: AliasGraph
}

/** Mode and contrast of a context of the `mode` modifier. */
export function partsOf(name: ContextName) {
  return {
    mode: name.startsWith('dark') ? 'dark' : 'light',
    contrast: name.endsWith('-more') ? 'more' : 'normal',
  } as const
}

/** The draft composed, resolved and measured. */
export function useStudioTheme(): StudioTheme {
  const draft = useStudio((state) => state.settled)
  const wanted = useStudio(
    useShallow(({ mode, contrast, density, direction, brand }) => ({
      mode,
      contrast,
      density,
      direction,
      brand,
    })),
  )
  const source = useMemo(() => sourceOf(draft), [draft])
  const theme = useMemo(() => composeTheme(baseSource, source), [source])
  const { gate, measured } = useGate(theme, source)
  return useMemo(() => {
    const context = { ...wanted, motion: 'full' as const, mode: theme.modeFor(wanted.mode) }
    const contextName: ContextName = context.contrast === 'more' ? `${context.mode}-more` : context.mode
    const tokens = theme.resolve(context)
    const input = { ...context, mode: contextName }
    const all = resolveTokens([baseSource, source], input).tokens
    const own = new Map([...all].filter(([path]) => !tokens.has(path)))
    const aliases = aliasGraph([baseSource, source], input)
    return { draft, source, theme, gate, measured, context, contextName, tokens, own, aliases }
  }, [draft, source, theme, gate, measured, wanted])
}

/** Quiet time before a changed theme is measured. Milliseconds. */
const restMs = 120

function useGate(theme: Theme, source: TokenSource) {
  const [state, setState] = useState(() => ({ gate: checkTheme(theme), measured: source }))
  const { measured } = state
  useEffect(() => {
    if (measured === source) return
    const timer = setTimeout(() => setState({ gate: checkTheme(theme), measured: source }), restMs)
    return () => clearTimeout(timer)
  }, [theme, source, measured])
  return state
}
