import type { FontFile, ThemeState } from '@mortise/contract'
import type { RealmOptions } from './options.ts'
import { receiveBoot } from './receive-boot.ts'
import { runGuest, type Surface } from './run-guest.ts'

/** Runs in the document of a frame plugin: paints it in the host's theme, then loads the plugin. */
export async function bootFrame(options: RealmOptions = {}): Promise<void> {
  if (self.origin !== 'null') throw new TypeError('A plugin runs only in a sandbox with an opaque origin.')
  const booted = await receiveBoot()
  const paint = adoptTheme()
  // Before any code of the plugin, so that its first paint is in the right theme.
  showFonts(booted.boot.fonts)
  paint(booted.boot.theme)
  booted.port.addEventListener('message', ({ data }) => {
    if (data?.type !== 'theme' || data.id !== undefined) return
    showFonts(data.fonts as readonly FontFile[])
    paint(data.theme as ThemeState)
  })
  await runGuest(booted, frameSurface, options)
}

function showFonts(fonts: readonly FontFile[]): void {
  for (const { family, data, weight, style } of fonts) {
    document.fonts.add(new FontFace(family, data, { weight, style }))
  }
}

/** The theme as one adopted sheet: replacing it restyles once, where properties set one by one would not. */
function adoptTheme(): (theme: ThemeState) => void {
  const base = new CSSStyleSheet()
  base.replaceSync(`
    body { margin: 0; background: transparent; color: var(--m-color-text-default); font-family: var(--m-font-family-sans); font-size: var(--m-font-size-sm); line-height: var(--m-font-lineHeight-normal) }
  `)
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets = [base, sheet]
  return ({ colorScheme, declarations }) => {
    const properties = declarations.map(([name, value]) => `${name}: ${value};`).join('\n')
    sheet.replaceSync(`:root { color-scheme: ${colorScheme}; ${properties} }`)
  }
}

const frameSurface: Surface = {
  open(mount, bridge) {
    const root = document.createElement('div')
    let told = -1
    const observer = new ResizeObserver(([entry]) => {
      const height = Math.ceil(entry?.borderBoxSize[0]?.blockSize ?? 0)
      if (height === told) return
      told = height
      bridge.call('ui.resize', mount, height).catch(() => {})
    })
    document.body.append(root)
    observer.observe(root)
    return {
      root,
      drawn: Promise.resolve(),
      close() {
        observer.disconnect()
        root.remove()
      },
    }
  },
}
