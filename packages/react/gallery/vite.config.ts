import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  build: { outDir: '../dist/gallery', emptyOutDir: true, assetsInlineLimit: 0 },
})
