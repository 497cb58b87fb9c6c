import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumFlags, ensureBrowser } from '@mortise/testing'

/** Nobody looks at a headless window, and a browser gives such pages little. */
const awake = [
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
]

/**
 * A browser that nothing is attached to. A debugger stops each frame and worker as
 * it starts and reports each request, which costs more than most of what is measured.
 */
export interface BareBrowser extends AsyncDisposable {
  /** Opens a page and answers how to close it. */
  open(url: string): Promise<() => Promise<void>>
}

export async function launchBareBrowser(): Promise<BareBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'mortise-bench-'))
  const browser = spawn(
    ensureBrowser('chromium'),
    [...chromiumFlags, ...awake, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise<void>((resolve) => browser.once('close', () => resolve()))
  const port = await new Promise<string>((resolve, reject) => {
    let said = ''
    browser.once('error', reject)
    browser.once('close', () => reject(new Error(`The browser ended: ${said}`)))
    browser.stderr.on('data', (chunk: Buffer) => {
      said += chunk
      const [, found] = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(said) ?? []
      if (found) resolve(found)
    })
  })
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}/json/${path}`, { method: 'PUT' })
  return {
    async open(url) {
      const { id } = (await (await ask(`new?${encodeURIComponent(url)}`)).json()) as { id: string }
      return async () => {
        await ask(`close/${id}`)
      }
    },
    async [Symbol.asyncDispose]() {
      browser.kill()
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
