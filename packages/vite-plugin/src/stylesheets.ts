import type { Plugin } from 'vite'

const prefix = '\0mortise-css:'

/**
 * Turns `import './style.css'` into an adopted stylesheet.
 *
 * A sandbox blocks `<style>` and `<link>`, and a worker has no document at all,
 * so the usual injection would fail where the author cannot see why.
 */
export function stylesheets(surface: 'worker' | 'frame'): Plugin {
  return {
    name: 'mortise:stylesheets',
    apply: 'build',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!/\.css$/.test(source) || importer === undefined || importer.startsWith(prefix)) return
      if (surface === 'worker') {
        this.error(
          `${importer} imports ${source}, but a worker widget has no stylesheets: the host draws its components. Use their properties, or set "surface": "frame" in the manifest.`,
        )
      }
      const resolved = await this.resolve(source, importer, { skipSelf: true })
      return resolved && `${prefix}${resolved.id}.js`
    },
    load(id) {
      if (!id.startsWith(prefix)) return
      const file = id.slice(prefix.length, -'.js'.length)
      return [
        `import css from ${JSON.stringify(`${file}?inline`)}`,
        'const sheet = new CSSStyleSheet()',
        'sheet.replaceSync(css)',
        'document.adoptedStyleSheets.push(sheet)',
      ].join('\n')
    },
  }
}
