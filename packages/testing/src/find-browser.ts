import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The browsers that tests run in. */
export type BrowserName = 'chromium' | 'firefox'

interface BrowserSource {
  readonly title: string
  /** Variable of the environment with the path of an executable. */
  readonly variable: string
  readonly commands: readonly string[]
  readonly places: readonly string[]
  /** Name of the Debian package. */
  readonly package: string
  /** Name of the Homebrew cask. */
  readonly cask: string
}

const sources: Readonly<Record<BrowserName, BrowserSource>> = {
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    places: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/opt/google/chrome/chrome',
      '/snap/bin/chromium',
    ],
    package: 'chromium',
    cask: 'chromium',
  },
  firefox: {
    title: 'Firefox',
    variable: 'FIREFOX_PATH',
    // Not Ubuntu's /usr/bin/firefox, which is a script around a snap: its profile cannot be chosen.
    commands: ['firefox-esr'],
    places: ['/Applications/Firefox.app/Contents/MacOS/firefox', '/opt/firefox/firefox'],
    package: 'firefox-esr',
    cask: 'firefox',
  },
}

/** Path of a browser on this machine, the one of its variable first. `undefined` where there is none. */
export function findBrowser(name: BrowserName, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { variable, commands, places } = sources[name]
  const chosen = env[variable]
  if (chosen) return chosen
  const folders = ['/usr/bin', '/usr/local/bin', ...(env.PATH ?? '').split(delimiter)].filter(Boolean)
  return [...commands.flatMap((command) => folders.map((folder) => join(folder, command))), ...places].find(
    isExecutable,
  )
}

/**
 * Path of a browser, installed now where a Debian used as root has none.
 *
 * @remarks
 * Call it once before tests run in several processes, as packages can be
 * installed by one process at a time.
 * @throws Error with one sentence that says how to install it, elsewhere: browser
 * tests never skip themselves.
 */
export function ensureBrowser(name: BrowserName): string {
  return findBrowser(name) ?? installBrowser(name)
}

function installBrowser(name: BrowserName): string {
  const { title, variable, package: wanted, cask } = sources[name]
  const howTo = `Tests in ${title} need it: install it (Debian: "apt-get install ${wanted}", macOS: "brew install --cask ${cask}") or set ${variable} to its executable.`
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!mayInstall) throw new Error(howTo)
  console.log(`No ${title} on this machine: installing it with apt-get…`)
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', wanted]]) {
    const { status } = spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0) throw new Error(`"apt-get ${args.join(' ')}" failed. ${howTo}`)
  }
  const installed = findBrowser(name)
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
