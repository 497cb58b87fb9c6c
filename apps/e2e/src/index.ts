export { type Client, createClient, type InstallOptions } from './client.ts'
export {
  collectProblems,
  expectReports,
  openConsole,
  type Problems,
  startFrame,
  takeReports,
} from './pages.ts'
export { type Stage, useConsole } from './use-console.ts'
export { configFile, exampleFolder, packFolder, start } from './workspace.ts'
