import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MortiseError } from '@mortise/contract'
import type { ServerConfig } from '@mortise/server'
import type { Command } from 'commander'
import { printableJson } from '../terminal.ts'

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run a host: its backend and its console')
    .argument('[config]', 'the configuration of the host', 'mortise.config.ts')
    .option('--json', 'print the addresses as one line of JSON')
    .action(serve)
}

async function serve(file: string, { json }: { json?: boolean }): Promise<void> {
  const config = await loadConfig(file)
  const { createServer, readSettings } = await import('@mortise/server')
  // At a terminal the addresses are not to drown in log lines.
  const calm = process.stdout.isTTY ? { MORTISE_LOG_LEVEL: 'warn' } : {}
  const server = await createServer(config, readSettings({ ...calm, ...process.env }))
  const stopped = untilSignal()
  await server.listen()
  const { url, signInUrl } = server
  console.log(
    json
      ? printableJson({ url, signInUrl })
      : `\n  ${config.name} is served at ${url}\n  Sign in: ${signInUrl}\n  Stop it with Ctrl-C.\n`,
  )
  await stopped
  await server.close()
}

async function loadConfig(file: string): Promise<ServerConfig> {
  const path = resolve(file)
  if (!existsSync(path)) {
    throw new MortiseError(
      'NOT_FOUND',
      `There is no ${file} here. Name the configuration of the host: mortise serve <file>.`,
    )
  }
  const module = await import(pathToFileURL(path).href).catch((cause: Error) => {
    throw new MortiseError('INPUT_INVALID', `${file} cannot be loaded: ${cause.message}`, { cause })
  })
  if (isConfig(module.default)) return module.default
  throw new MortiseError(
    'INPUT_INVALID',
    `${file} does not export a configuration. Export defineConfig({ name, domains, dialect, setup }) by default.`,
  )
}

function isConfig(value: unknown): value is ServerConfig {
  const { domains, dialect, setup } = (value ?? {}) as Partial<ServerConfig>
  return Array.isArray(domains) && typeof dialect === 'object' && typeof setup === 'function'
}

/** Settles at the first Ctrl-C or polite kill. A second one ends the process at once. */
function untilSignal(): Promise<void> {
  return new Promise((done) => {
    let asked = false
    const onSignal = () => {
      if (asked) process.exit(130)
      asked = true
      done()
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  })
}
