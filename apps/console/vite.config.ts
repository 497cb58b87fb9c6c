import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The page runs under a CSP without inline scripts, inline styles, eval or data: scripts,
// so nothing is inlined and no polyfill is injected.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
