import type { Diagnostic, Mode, ThemeContext } from '@mortise/tokens'
import type { Imported } from '@mortise/tokens/import'
import type { ColorVision } from '@mortise/tokens/repair'
import { create } from 'zustand'
import { type Draft, emptyDraft, parseDraft } from './draft.ts'

const draftKey = 'mortise.studio.draft'
const maxSteps = 200
/** Changes of one value within this time are one step back. Milliseconds. */
const sameStep = 800
/** Quiet time after which a value that is typed counts as chosen, and one that is held. Milliseconds. */
const restMs = { typed: 300, held: 3000 } as const

/** How the colors of the preview are seen. */
export type Vision = 'full' | ColorVision

/** What an import said about its files. */
export interface ImportReport {
  readonly title: string
  readonly summary: string
  readonly diagnostics: readonly Diagnostic[]
  /** Names whose values no role takes. */
  readonly unmapped: readonly string[]
  /** What roles without a value may be meant to take, in each mode. */
  readonly suggestions: NonNullable<Imported['suggestions']>
}

/** What of the draft is looked at. */
export interface View {
  readonly mode: Mode
  readonly contrast: ThemeContext['contrast']
  readonly density: ThemeContext['density']
  readonly direction: ThemeContext['direction']
  readonly brand: string
  readonly vision: Vision
  readonly scene: 'console' | 'components'
}

interface Studio extends View {
  /** With every change, as it is made. Read it where a change shows at once. */
  readonly draft: Draft
  /** The same once a value that is dragged or typed comes to rest: what all else is drawn from. */
  readonly settled: Draft
  readonly past: readonly Draft[]
  readonly future: readonly Draft[]
  /** Path of the token in the editor. */
  readonly selected: string
  readonly tab: 'token' | 'contrast' | 'branding' | 'compare' | 'files'
  /** The part that narrow screens show. */
  readonly pane: 'tokens' | 'preview' | 'details'
  readonly report: ImportReport | undefined
}

/** The mode of the console itself: what the person chose, or the system. */
function wornMode(): Mode {
  const { mode } = document.documentElement.dataset
  return (mode ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark'
    ? 'dark'
    : 'light'
}

/** The draft, the steps back and forth, and what of it is shown. */
export const useStudio = create<Studio>(() => ({
  ...atRest(readKept() ?? emptyDraft),
  past: [],
  future: [],
  mode: wornMode(),
  contrast: 'normal',
  density: 'cosy',
  direction: 'ltr',
  brand: '',
  vision: 'full',
  scene: 'console',
  selected: 'color.accent.solid',
  tab: 'token',
  pane: 'preview',
  report: undefined,
}))

/** Opens a token in the editor. */
export function select(path: string, view: Partial<View> = {}): void {
  useStudio.setState({ selected: path, tab: 'token', pane: 'details', ...view })
}

let last = { key: '', at: 0 }

/**
 * Takes a new draft as one step that can be taken back.
 *
 * @param key - Names what is changed: quick changes of the same thing are one step.
 */
export function change(next: Draft, key = ''): void {
  const now = performance.now()
  const joins = key !== '' && key === last.key && now - last.at < sameStep
  last = { key, at: now }
  useStudio.setState(({ draft, past, future }) => ({
    draft: next,
    past: joins ? past : [...past.slice(-maxSteps), draft],
    future: future.length === 0 ? future : [],
  }))
  clearTimeout(resting)
  if (key === '') settle()
  else resting = setTimeout(settle, held ? restMs.held : restMs.typed)
}

let resting: ReturnType<typeof setTimeout> | undefined
let held = false

/** Says that a person has hold of a value: the next changes are on the way to another. Until `settle`. */
export function hold(): void {
  held = true
}

/** Takes the draft as it is now for what all of the studio is drawn from: nothing is dragged any more. */
export function settle(): void {
  clearTimeout(resting)
  held = false
  useStudio.setState(({ draft }) => ({ settled: draft }))
}

function atRest(draft: Draft): Pick<Studio, 'draft' | 'settled'> {
  return { draft, settled: draft }
}

/** Takes another theme as the draft; what there was is one step back. */
export function startFrom(draft: Draft, report?: ImportReport): void {
  change(draft)
  useStudio.setState({ report, tab: tabFor(report) })
}

/** Where a person has something to see to. */
function tabFor(report: ImportReport | undefined): Studio['tab'] {
  const open = (report?.diagnostics.length ?? 0) + (report?.suggestions.length ?? 0)
  return open > 0 ? 'files' : 'contrast'
}

export function undo(): void {
  clearTimeout(resting)
  last = { key: '', at: 0 }
  useStudio.setState(({ draft, past, future }) => {
    const before = past.at(-1)
    return before ? { ...atRest(before), past: past.slice(0, -1), future: [draft, ...future] } : {}
  })
}

export function redo(): void {
  clearTimeout(resting)
  last = { key: '', at: 0 }
  useStudio.setState(({ draft, past, future }) => {
    const [next, ...rest] = future
    return next ? { ...atRest(next), past: [...past, draft], future: rest } : {}
  })
}

let keeping: ReturnType<typeof setTimeout> | undefined
useStudio.subscribe(({ draft }, before) => {
  if (draft === before.draft) return
  clearTimeout(keeping)
  keeping = setTimeout(() => {
    try {
      localStorage.setItem(draftKey, JSON.stringify(draft))
    } catch {
      // Storage can be off or full. The draft then lasts as long as the page.
    }
  }, 300)
})

function readKept(): Draft | undefined {
  try {
    const kept = localStorage.getItem(draftKey)
    return kept === null ? undefined : parseDraft(kept)
  } catch {
    return undefined
  }
}
