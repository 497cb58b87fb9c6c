export { type Client, createClient, type InstallOptions } from './client.ts'
export { collectProblems, openConsole, type Problems } from './pages.ts'
export { configFile, packFolder, start } from './workspace.ts'
