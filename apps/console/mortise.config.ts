import { join } from 'node:path'
import { streamspace } from '@mortise/domains/streamspace'
import { streamspaceDialect } from '@mortise/domains/streamspace/dialect'
import { defineConfig } from '@mortise/server'
import { openWorkspace } from './workspace/open-workspace.ts'
import type { WorkspaceTables } from './workspace/tables.ts'

/** The reference workspace: sessions, users and templates in the embedded database. */
export default defineConfig<WorkspaceTables>({
  name: 'Mortise reference workspace',
  domains: [streamspace],
  dialect: streamspaceDialect,
  catalog: join(import.meta.dirname, '../../examples'),
  console: join(import.meta.dirname, 'dist'),
  setup: openWorkspace,
})
