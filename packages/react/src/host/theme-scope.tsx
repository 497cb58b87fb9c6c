import { builtInScope, type ThemeScope as ThemeScopeHandle, type ThemeScopeRequest } from '@mortise/host'
import { type CSSProperties, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { classes } from '../components/classes.ts'
import { ScopeName } from '../components/scope-name.ts'
import { useHost } from './host-context.tsx'

export interface ThemeScopeProps extends ThemeScopeRequest {
  readonly className?: string
  readonly children: ReactNode
}

/**
 * A part of the page with a theme of its own: host components, worker widgets
 * and frames in it, and the menus and windows opened from it.
 *
 * @example
 * <ThemeScope theme={{ plugin: 'theme-moss', id: 'moss' }} mode="dark">…</ThemeScope>
 */
export function ThemeScope({ className, children, ...request }: ThemeScopeProps) {
  const { name, attributes } = useThemeScope(request)
  return (
    <div className={classes('m-theme-scope', className)} {...attributes}>
      <ScopeName value={name}>{children}</ScopeName>
    </div>
  )
}

/**
 * Draws what is in it, and the windows opened from it, in the built-in theme
 * whatever theme the page wears: for questions that no plugin may make
 * unreadable. It has no box of its own.
 */
export function BuiltInTheme({ children }: { readonly children: ReactNode }) {
  return (
    <div className="m-built-in" data-mortise-theme={builtInScope}>
      <ScopeName value={builtInScope}>{children}</ScopeName>
    </div>
  )
}

interface WornScope {
  readonly name: string | undefined
  /** For the element that wears the theme: unseen until the theme is there, so that nothing flashes. */
  readonly attributes: { readonly 'data-mortise-theme'?: string; readonly style?: CSSProperties }
}

/** Opens a theme scope for as long as the component lives. Without a request, the scope around it. */
export function useThemeScope(request: ThemeScopeRequest | undefined): WornScope {
  const host = useHost()
  const around = useContext(ScopeName)
  const [worn, setWorn] = useState<string>()
  const held = useRef<ThemeScopeHandle[]>([])
  const asked = request && JSON.stringify(request)
  useEffect(() => {
    const scope = asked === undefined ? undefined : host.openThemeScope(JSON.parse(asked))
    if (scope) held.current.push(scope)
    // What was worn before stays until the next is there.
    const wear = () =>
      host.changeLook(() => {
        if (scope && held.current.at(-1) !== scope) return
        flushSync(() => setWorn(scope?.name))
        for (const old of held.current.filter((each) => each !== scope)) old.release()
        held.current = held.current.filter((each) => each === scope)
      })
    if (scope) void scope.ready.then(wear)
    else if (held.current.length > 0) void wear()
  }, [asked, host])
  useEffect(
    () => () => {
      for (const scope of held.current.splice(0)) scope.release()
    },
    [],
  )
  if (worn) return { name: worn, attributes: { 'data-mortise-theme': worn } }
  return { name: around, attributes: asked === undefined ? {} : { style: { visibility: 'hidden' } } }
}
