import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Flags of every test browser: no window, no network of its own. */
export const chromiumFlags: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const places = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
]

const howTo =
  'Browser tests need Chromium: install it (Debian and Ubuntu: "apt-get install chromium", macOS: "brew install --cask chromium") or set CHROMIUM_PATH to its executable.'

/** Path of a Chromium on this machine, `CHROMIUM_PATH` first. `undefined` where there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH
  const folders = ['/usr/bin', '/usr/local/bin', ...(env.PATH ?? '').split(delimiter)].filter(Boolean)
  return [...commands.flatMap((name) => folders.map((folder) => join(folder, name))), ...places].find(
    isExecutable,
  )
}

/**
 * Path of a Chromium, installed now where a Debian used as root has none.
 *
 * @remarks
 * Elsewhere this throws one sentence that says how to install it: browser tests
 * never skip themselves. Call it once before tests run in several processes, as
 * packages can be installed by one process at a time.
 */
export function ensureChromium(): string {
  return findChromium() ?? installChromium()
}

/** Starts a Chromium with an empty profile, see `ensureChromium`. Close it when done. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: ensureChromium(), args: [...chromiumFlags] })
}

function installChromium(): string {
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!mayInstall) throw new Error(howTo)
  console.log('No Chromium on this machine: installing it with apt-get…')
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status } = spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0) throw new Error(`"apt-get ${args.join(' ')}" failed. ${howTo}`)
  }
  const installed = findChromium()
  if (!installed) throw new Error(howTo)
  return installed
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
