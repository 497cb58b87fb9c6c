import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/**
 * React Aria brings its few built-in words in 34 languages. The console is in
 * English and says so to React Aria, so the others are never asked for.
 */
const englishOnly: Plugin = {
  name: 'english-only',
  load: {
    filter: { id: /\/react-(?:aria|stately)[^?]*\/intl\/[^?]*\/(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs$/ },
    handler: () => 'export default {}',
  },
}

// The page runs under a CSP without inline scripts, inline styles, eval or data: scripts,
// so nothing is inlined and no polyfill is injected.
export default defineConfig({
  plugins: [englishOnly, react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
