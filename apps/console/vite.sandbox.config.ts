import { defineConfig, type Plugin } from 'vite'

// The boot scripts of the sandbox documents. The server names them in the documents it
// writes, so their names are stable; their chunks lie beside them because the documents
// have an opaque origin and allow this one folder only.
/** Without styles and preload links there is nothing for the bundler's preload helper to do. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => 'export const __vitePreload = (load) => load()',
  },
}

export default defineConfig({
  plugins: [plainImports],
  base: './',
  publicDir: false,
  build: {
    outDir: 'dist/sandbox-assets',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    // A worker has no document to put preload links into.
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        worker: '@mortise/react/sandbox/worker',
        'worker-realm': '@mortise/react/sandbox/worker-realm',
        frame: '@mortise/react/sandbox/frame',
      },
      preserveEntrySignatures: false,
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
})
