import type { ThemeBranding } from '@mortise/contract'
import { useEffect } from 'react'
import { create } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { useQuery } from '../state/query.ts'
import { themeKey } from '../state/shell.ts'

/** Name of this console where no theme brings one. */
export const ownName = 'Mortise'

/** How the theme in use names and arranges the console. */
export const useBranding = create<ThemeBranding>(() => ({ navigation: 'side' }))

/** Takes the branding over from the theme of the person who is signed in. */
export function useFollowBranding(): void {
  const branding = useQuery(themeKey, themeApi.read).data?.branding
  useEffect(() => {
    if (branding) useBranding.setState(branding, true)
  }, [branding])
}

/** A cleaned picture of a theme as the address of an image. `undefined` while it is read, and where there is none. */
export function usePicture(url: string | undefined): string | undefined {
  return useQuery(`picture ${url ?? ''}`, () =>
    url === undefined ? Promise.resolve(undefined) : readPicture(url),
  ).data
}

async function readPicture(url: string): Promise<string | undefined> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} could not be read.`)
  const { cleanSvg } = await import('./clean-svg.ts')
  return cleanSvg(await response.text())
}
