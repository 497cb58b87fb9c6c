import type { ThemeBranding, ThemeIcons } from '@mortise/contract'
import { useEffect } from 'react'
import { create } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { useQuery } from '../state/query.ts'
import { themeKey } from '../state/shell.ts'
import { toastFailure } from '../state/toasts.ts'
import { useTrial } from '../state/trial.ts'
import type { IconPainter } from './icon-set.ts'

/** Name of this console where no theme brings one. */
export const ownName = 'Mortise'

/** Marks a part of the page that does not take the icons of the page's theme. */
export const ownIcons = 'data-own-icons'

/** How the theme in use names and arranges the console. */
export const useBranding = create<ThemeBranding>(() => ({ navigation: 'side' }))

/** Takes the branding over from the theme of the person who is signed in, or from the one they try on. */
export function useFollowBranding(): void {
  const saved = useQuery(themeKey, themeApi.read).data?.branding
  const trial = useTrial((state) => state.branding)
  const branding = trial?.shown ?? saved
  const icons = trial ? trial.icons : saved?.icons
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
async function drawIcons(from: string | ThemeIcons['icons'] | undefined): Promise<void> {
  if (from === undefined && !painter) return
  painter ??= import('./icon-set.ts').then(
    (set) => new set.IconPainter(`&:not([data-mortise-theme] *, [${ownIcons}] *)`),
  )
  const texts = typeof from === 'string' ? themeApi.icons(from) : from && Promise.resolve(from)
  await (await painter).paint(texts)
}

/** A cleaned picture of a theme as the address of an image. `undefined` while it is read, and where there is none. */
export function usePicture(url: string | undefined): string | undefined {
  return useQuery(`picture ${url ?? ''}`, () =>
    url === undefined ? Promise.resolve(undefined) : readPicture(url),
  ).data
}

/** An SVG text where an address is meant: `usePicture` cleans it like any other. */
export function rawAddress(svg: string): string {
  return `${rawStart}${encodeURIComponent(svg)}`
}

const rawStart = 'data:image/svg+xml,'

async function readPicture(url: string): Promise<string | undefined> {
  const { cleanSvg } = await import('./clean-svg.ts')
  if (url.startsWith(rawStart)) return cleanSvg(decodeURIComponent(url.slice(rawStart.length)))
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} could not be read.`)
  return cleanSvg(await response.text())
}
