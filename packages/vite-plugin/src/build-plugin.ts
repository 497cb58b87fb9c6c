import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { isMortiseError, MortiseError } from '@mortise/contract'
import { build } from 'vite'
import { mortise } from './mortise.ts'

let last: Promise<unknown> = Promise.resolve()

/**
 * Builds the UI of the plugin in a folder, with its own `vite.config` where it
 * has one.
 *
 * @remarks
 * Vite configurations count on being run in their folder, so the working
 * directory of the process changes while this runs; builds queue up behind each
 * other.
 *
 * @throws `MANIFEST_*`, `ENTRYPOINT_NOT_FOUND`, or `PLUGIN_BUILD_FAILED` with the bundler's words.
 */
export function buildPlugin(dir: string): Promise<void> {
  const root = resolve(dir)
  const turn = last.then(() => buildIn(root))
  last = turn.catch(() => {})
  return turn
}

async function buildIn(root: string): Promise<void> {
  const before = { cwd: process.cwd(), mode: process.env.NODE_ENV, warn: console.warn }
  // Federation reports a module that does not parse a second time, as a time limit it ran into.
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('moduleParseIdleTimeout')) before.warn(...words)
  }
  try {
    process.chdir(root)
    process.env.NODE_ENV = 'production'
    const configured = (await readdir(root)).some((name) => /^vite\.config\.[cm]?[jt]s$/.test(name))
    await build({
      root,
      logLevel: 'silent',
      ...(configured ? {} : { configFile: false, plugins: [mortise({ root })] }),
    })
  } catch (thrown) {
    if (isMortiseError(thrown)) throw thrown
    throw new MortiseError(
      'PLUGIN_BUILD_FAILED',
      `The plugin in ${root} did not build.\n${wordsOf(thrown)}`,
      {
        cause: thrown,
        source: 'plugin',
      },
    )
  } finally {
    console.warn = before.warn
    process.chdir(before.cwd)
    if (before.mode === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before.mode
  }
}

/** The bundler's words without colors and its count of errors. */
function wordsOf(thrown: unknown): string {
  const text = stripVTControlCharacters(thrown instanceof Error ? thrown.message : String(thrown))
  return text.replace(/^Build failed with \d+ errors?:\s*/, '').trim()
}
