export { type Canary, type CanaryRequest, canaryServer } from './canary-server.ts'
export { type FixturePlugin, fixturePlugin } from './fixture-plugin.ts'
export { chromiumFlags, ensureChromium, findChromium, launchChromium } from './launch-chromium.ts'
export { type RunningConsole, type StartConsoleOptions, startConsole } from './start-console.ts'
