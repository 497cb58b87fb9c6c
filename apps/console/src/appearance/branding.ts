import type { ThemeBranding } from '@mortise/contract'
import { useEffect } from 'react'
import { create } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { useQuery } from '../state/query.ts'
import { themeKey } from '../state/shell.ts'
import { toastFailure } from '../state/toasts.ts'
import type { IconPainter } from './icon-set.ts'

/** Name of this console where no theme brings one. */
export const ownName = 'Mortise'

/** Marks a part of the page that does not take the icons of the page's theme. */
export const ownIcons = 'data-own-icons'

/** How the theme in use names and arranges the console. */
export const useBranding = create<ThemeBranding>(() => ({ navigation: 'side' }))

/** Takes the branding over from the theme of the person who is signed in. */
export function useFollowBranding(): void {
  const branding = useQuery(themeKey, themeApi.read).data?.branding
  const icons = branding?.icons
  useEffect(() => {
    if (branding) useBranding.setState(branding, true)
  }, [branding])
  useEffect(() => {
    if (branding)
      drawIcons(icons).catch((error) => toastFailure('The icons of the theme were not drawn', error))
  }, [branding, icons])
}

/** Takes over what the host prefers, for a page that nobody is signed in to. The console's own where it cannot be read. */
export function useHostBranding(): void {
  const branding = useQuery('host branding', themeApi.branding).data
  useEffect(() => {
    if (branding) useBranding.setState(branding, true)
  }, [branding])
}

let painter: Promise<IconPainter> | undefined

/** Draws the page's icons with those of a theme. Parts with a theme of their own, and questions of the host, keep the built-in ones. */
async function drawIcons(address: string | undefined): Promise<void> {
  if (address === undefined && !painter) return
  painter ??= import('./icon-set.ts').then(
    (set) => new set.IconPainter(`&:not([data-mortise-theme] *, [${ownIcons}] *)`),
  )
  const texts = address === undefined ? undefined : themeApi.icons(address)
  await (await painter).paint(texts)
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
