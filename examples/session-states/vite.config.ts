import { mortise } from '@mortise/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [mortise()] })
