/** Writes src/names.ts from the base set. Run it after adding or removing a base token. */
import { writeFileSync } from 'node:fs'
import { baseSource } from '../src/base.ts'
import { namesModule } from './names-module.ts'

writeFileSync(new URL('../src/names.ts', import.meta.url), namesModule(baseSource))
