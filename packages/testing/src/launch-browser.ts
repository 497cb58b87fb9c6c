import { type Browser, chromium, firefox } from 'playwright-core'
import { type BrowserName, ensureBrowser } from './find-browser.ts'

/** Flags of every Chromium of the tests: no window, no network of its own. */
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

const firefoxUserPrefs = {
  // Clicks go the way of a person's, through the browser: only so do they reach frames of other processes.
  'remote.events.async.mouse.enabled': true,
  'remote.events.async.wheel.enabled': true,
  // WebRTC may talk to this machine, where the tests watch for it.
  'media.peerconnection.ice.loopback': true,
}

/** The browser of this run: what `MORTISE_TEST_BROWSER` says, Chromium without it. */
export function testBrowser(env: NodeJS.ProcessEnv = process.env): BrowserName {
  const name = env.MORTISE_TEST_BROWSER ?? 'chromium'
  if (name === 'chromium' || name === 'firefox') return name
  throw new Error(`MORTISE_TEST_BROWSER is '${name}': set it to 'chromium' or 'firefox'.`)
}

/** Starts the browser of this run with an empty profile. Close it when done. */
export function launchBrowser(): Promise<Browser> {
  return testBrowser() === 'firefox' ? launchFirefox() : launchChromium()
}

/**
 * Starts a Chromium with an empty profile, see `ensureBrowser`. Close it when done.
 *
 * @param flags - Added to those that every test browser has.
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: ensureBrowser('chromium'), args: [...chromiumFlags, ...flags] })
}

/** Starts a Firefox as its makers publish it with an empty profile, see `ensureBrowser`. Close it when done. */
export async function launchFirefox(): Promise<Browser> {
  // The channel makes Playwright speak WebDriver BiDi; without it, it expects a Firefox of its own making.
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: ensureBrowser('firefox'),
    // Clicks beside the window get lost, whatever size the page is told to have.
    env: { ...process.env, MOZ_HEADLESS_WIDTH: '1600', MOZ_HEADLESS_HEIGHT: '1200' },
    firefoxUserPrefs,
  })
  forgiveMediaFeatures(browser)
  return browser
}

interface BidiSession {
  send(method: string, params: unknown): Promise<unknown>
}

/**
 * Playwright asks every new context for media features by a command that Firefox
 * got after the current extended release, and gives the context up without it.
 */
function forgiveMediaFeatures(browser: Browser): void {
  const { _connection: connection } = browser as unknown as {
    _connection: { toImpl(object: unknown): { _browserSession: BidiSession } }
  }
  const { _browserSession: session } = connection.toImpl(browser)
  const send = session.send.bind(session)
  session.send = (method, params) => {
    const answer = send(method, params)
    return method === 'emulation.setMediaFeaturesOverride'
      ? answer.catch((error: Error) => {
          if (!error.message.includes('unknown command')) throw error
        })
      : answer
  }
}
