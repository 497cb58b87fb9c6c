import '../styles/studio.css'
import { Tabs } from '@mortise/react/host'
import FileUp from 'lucide-react/icons/file-up'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useCatalogThemes, useInstalledThemes } from '../appearance/known-themes.ts'
import { usePageTitle } from '../parts/page.tsx'
import { useFileDrop } from '../plugins/use-file-drop.ts'
import { host } from '../state/shell.ts'
import { toast, toastFailure } from '../state/toasts.ts'
import { useTrial } from '../state/trial.ts'
import { BrandingPanel } from './branding-panel.tsx'
import { ComparePanel } from './compare-panel.tsx'
import { ContrastPanel } from './contrast-panel.tsx'
import { emptyDraft } from './draft.ts'
import { FilesPanel } from './files-panel.tsx'
import { NewThemeDialog, startFromTheme } from './new-theme-dialog.tsx'
import { PackageDialog } from './package-dialog.tsx'
import { Segments } from './segments.tsx'
import { readShared } from './share.ts'
import { Stage } from './stage.tsx'
import { StudioBar } from './studio-bar.tsx'
import { redo, startFrom, undo, useStudio } from './studio-store.ts'
import { TokenEditor } from './token-editor.tsx'
import { TokenList } from './token-list.tsx'
import { tryOn } from './try-on.ts'
import { type StudioTheme, useStudioTheme } from './use-theme.ts'
import { ViewBar } from './view-bar.tsx'

/** Where a theme is made: its tokens, what they look like, and what is wrong with them. */
export function StudioPage() {
  usePageTitle('Theme studio')
  const studio = useStudioTheme()
  const pane = useStudio((state) => state.pane)
  const [open, setOpen] = useState<'new' | 'package'>()
  const { over, drop } = useFileDrop((files) => void takeFiles(files))
  useAddress(() => setOpen('new'))
  useStepKeys()
  useTrialOf(studio)
  return (
    <div className={over ? 's-studio s-studio--over' : 's-studio'} {...drop}>
      <StudioBar studio={studio} onNew={() => setOpen('new')} onSave={() => setOpen('package')} />
      <Segments
        className="s-panes"
        label="Part of the studio"
        value={pane}
        onChange={(next) => useStudio.setState({ pane: next })}
        options={[
          { value: 'tokens', label: 'Tokens' },
          { value: 'preview', label: 'Preview' },
          { value: 'details', label: 'Details' },
        ]}
      />
      <div className={`s-body s-body--${pane}`}>
        <TokenList studio={studio} />
        <div className="s-center">
          <ViewBar studio={studio} />
          <Stage studio={studio} />
        </div>
        <Details studio={studio} />
      </div>
      <div className="c-drop__hint" aria-hidden="true">
        <FileUp /> Drop token files, themes, style sheets or packages
      </div>
      <NewThemeDialog
        open={open === 'new'}
        onClose={() => setOpen(undefined)}
        onFiles={(files) => void takeFiles(files)}
      />
      {open === 'package' && <PackageDialog studio={studio} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function Details({ studio }: { readonly studio: StudioTheme }) {
  const tab = useStudio((state) => state.tab)
  const problems = useStudio((state) => state.report?.diagnostics.length)
  return (
    <section className="s-details" aria-label="Details">
      <Tabs
        label="Details"
        selected={tab}
        onChange={(id) => useStudio.setState({ tab: id as typeof tab })}
        items={[
          { id: 'token', label: 'Token', content: <TokenEditor studio={studio} /> },
          {
            id: 'contrast',
            label: 'Contrast',
            ...(studio.gate.passes ? {} : { count: studio.gate.failures.length }),
            content: <ContrastPanel studio={studio} />,
          },
          { id: 'branding', label: 'Branding', content: <BrandingPanel /> },
          { id: 'compare', label: 'Compare', content: <ComparePanel studio={studio} /> },
          {
            id: 'files',
            label: 'Files',
            ...(problems ? { count: problems } : {}),
            content: <FilesPanel studio={studio} />,
          },
        ]}
      />
    </section>
  )
}

async function takeFiles(files: readonly File[]): Promise<void> {
  try {
    const { importFiles } = await import('./import-files.ts')
    const { name, source, ...report } = await importFiles(files)
    startFrom({ ...emptyDraft, name, source }, report)
    if (report.diagnostics.length === 0) toast(`${report.title} read`, report.summary)
  } catch (error) {
    toastFailure('The files were not read', error)
  }
}

/** Ctrl+Z and Shift+Ctrl+Z, except where somebody types: text has steps of its own. */
function useStepKeys() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { target } = event
      const typing =
        target instanceof HTMLElement && target.matches('textarea, input:not([type=range], [type=radio])')
      if (typing || event.altKey || !(event.ctrlKey || event.metaKey)) return
      const key = event.key.toLowerCase()
      if (key !== 'z' && key !== 'y') return
      event.preventDefault()
      if (key === 'y' || event.shiftKey) redo()
      else undo()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** What the address asks for: a shared draft, a theme of a plugin, or a new one. */
function useAddress(onNew: () => void) {
  const ready = useStore(host.store, (state) => state.ready)
  const installed = useInstalledThemes()
  const catalog = useCatalogThemes()
  useEffect(() => {
    const take = async () => {
      if (!location.hash.startsWith('#draft=')) return
      const shared = await readShared(location.hash)
      history.replaceState(history.state, '', '/studio')
      if (!shared) {
        toastFailure('The link holds no theme', new Error('It is cut off, or was not made by the studio.'))
        return
      }
      startFrom(shared)
      useStudio.setState({ tab: 'token' })
      toast(`${shared.name} opened`, 'Undo returns to what you had.')
    }
    void take()
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])
  useEffect(() => {
    if (!ready) return
    const query = new URLSearchParams(location.search)
    const [from, fresh] = [query.get('from'), query.has('new')]
    if (from === null && !fresh) return
    const theme = [...installed, ...(catalog.data ?? [])].find(({ key }) => key === from)
    // What is not installed may be in the catalog.
    if (from !== null && !theme && !catalog.data && catalog.error === undefined) return
    history.replaceState(history.state, '', '/studio')
    if (theme) void startFromTheme(theme)
    else onNew()
  })
}

/** While the draft is tried on, the console follows it. */
function useTrialOf({ draft, theme, context }: StudioTheme) {
  const trying = useTrial((state) => state.wearing !== undefined)
  useEffect(() => {
    if (trying) void tryOn(draft, theme, context)
  }, [trying, draft, theme, context])
}
