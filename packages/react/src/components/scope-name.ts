import { createContext, useContext } from 'react'

/** Name of the theme scope around a component, for what it draws elsewhere in the document. */
export const ScopeName = createContext<string | undefined>(undefined)

/** Attributes that give a menu or window the theme of the part of the page it was opened from. */
export function useScopeAttributes(): { readonly 'data-mortise-theme'?: string } {
  const name = useContext(ScopeName)
  return name === undefined ? {} : { 'data-mortise-theme': name }
}
