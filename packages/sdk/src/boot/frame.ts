import type { FontFile, ThemeText } from '@mortise/contract'
import type { RealmOptions } from './options.ts'
import { receiveBoot } from './receive-boot.ts'
import { requireOpaqueOrigin } from './require-opaque-origin.ts'
import { runGuest, type Surface } from './run-guest.ts'

/** Runs in the document of a frame plugin: paints it in the host's theme, then loads the plugin. */
export async function bootFrame(options: RealmOptions = {}): Promise<void> {
  requireOpaqueOrigin()
  const booted = await receiveBoot()
  const paint = adoptTheme()
  // Before any code of the plugin, so that its first paint is in the right theme.
  showFonts(booted.boot.fonts)
  paint(booted.boot.theme)
  booted.port.addEventListener('message', ({ data }) => {
    if (data?.type !== 'theme' || data.id !== undefined) return
    showFonts(data.fonts as readonly FontFile[])
    paint(data.theme as ThemeText)
  })
  const loadFederation = async () => (await import('./open-foreign-container.ts')).openForeignContainer
  await runGuest(booted, frameSurface, { loadFederation, ...options })
}

function showFonts(fonts: readonly FontFile[]): void {
  for (const { family, data, weight, style } of fonts) {
    document.fonts.add(new FontFace(family, data, { weight, style }))
  }
}

/** The theme as one adopted sheet: replacing it restyles once, where properties set one by one would not. */
function adoptTheme(): (theme: ThemeText) => void {
  const base = new CSSStyleSheet()
  base.replaceSync(`
    body { margin: 0; background: transparent; color: var(--m-color-text-default); font-family: var(--m-font-family-sans); font-size: var(--m-font-size-sm); line-height: var(--m-font-lineHeight-normal) }
  `)
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets = [base, sheet]
  return (theme) => {
    sheet.replaceSync(`:root { ${theme} }`)
    // What fades into the new theme would show both for a while, and the page around it does not.
    for (const animation of document.getAnimations()) {
      if (animation instanceof CSSTransition && animation.pending) animation.finish()
    }
  }
}

/**
 * Settles when the document as it is now can be seen. No browser tells when that is, but what was drawn two frames
 * ago was handed over for display, and a machine that took long to draw it takes as long again to show it.
 */
async function painted(): Promise<void> {
  const asked = performance.now()
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve, performance.now() - asked))
  await new Promise(requestAnimationFrame)
}

const frameSurface: Surface = {
  painted,
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
      drawn: async () => {},
      close() {
        observer.disconnect()
        root.remove()
      },
    }
  },
}
