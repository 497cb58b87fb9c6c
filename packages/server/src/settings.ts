import { resolve } from 'node:path'
import { emailAddressSchema, MortiseError, parse } from '@mortise/contract'
import { type Addresses, checkFrameOrigin, checkPublicUrl } from './addresses.ts'
import { type OperatorPlugins, readOperatorPlugins } from './operations/operator-plugins.ts'
import type { EmailSettings } from './powers/email/transport.ts'

/** What the operator decides through the environment. Parsed once, at start. */
export interface Settings extends Addresses {
  /** TCP port on the loopback addresses, 0 for any free one. */
  readonly port: number
  /** Absolute folder of the database, plugin files and the admin token. */
  readonly dataDir: string
  /** Token of the administrator; `undefined` means one is made and kept in the data folder. */
  readonly adminToken: string | undefined
  /** Token with which metrics are read; without it, programs on this machine read them as they are. */
  readonly metricsToken?: string | undefined
  /** What secrets are sealed with; without it a key is made and kept in the data folder. */
  readonly secretKey?: string | undefined
  /** Where email of plugins leaves from; without it, it is kept in the outbox only. */
  readonly email?: EmailSettings | undefined
  /** Hosts (`host` or `host:port`) that plugins may reach although their address is private. */
  readonly allowPrivateHosts: readonly string[]
  readonly logLevel: LogLevel
  /** What the environment says about plugins; the console decides alone where left out. */
  readonly operatorPlugins?: OperatorPlugins | undefined
  /** Whether traces are exported, as the `OTEL_*` variables say. */
  readonly exportTraces?: boolean
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/**
 * Reads the settings from environment variables.
 *
 * @throws `INPUT_INVALID` with one sentence that names the variable and says what it must be.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): Settings {
  return {
    port: readPort(env.MORTISE_PORT),
    publicUrl: env.MORTISE_PUBLIC_URL
      ? checkPublicUrl('MORTISE_PUBLIC_URL', env.MORTISE_PUBLIC_URL)
      : undefined,
    frameOrigin: env.MORTISE_FRAME_ORIGIN
      ? checkFrameOrigin('MORTISE_FRAME_ORIGIN', env.MORTISE_FRAME_ORIGIN)
      : undefined,
    dataDir: resolve(cwd, env.MORTISE_DATA_DIR || '.mortise'),
    adminToken: readToken('MORTISE_ADMIN_TOKEN', env.MORTISE_ADMIN_TOKEN),
    metricsToken: readMetricsToken(env),
    secretKey: readToken('MORTISE_SECRET_KEY', env.MORTISE_SECRET_KEY, 32),
    email: readEmail(env.MORTISE_SMTP_URL, env.MORTISE_EMAIL_FROM),
    allowPrivateHosts: readHosts(env.MORTISE_ALLOW_PRIVATE_HOSTS),
    logLevel: readLogLevel(env.MORTISE_LOG_LEVEL),
    operatorPlugins: readOperatorPlugins(env),
    ...(readExportTraces(env) ? { exportTraces: true } : {}),
  }
}

function readPort(text: string | undefined): number {
  if (!text) return 4780
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw refuse(`MORTISE_PORT must be a whole number from 0 to 65535, not '${text}'.`)
}

function readToken(name: string, text: string | undefined, shortest = 8): string | undefined {
  if (!text) return undefined
  if (text.length >= shortest && /^[\x21-\x7e]{1,512}$/.test(text)) return text
  throw refuse(`${name} must be ${shortest} to 512 printable characters without spaces.`)
}

/** Whoever scrapes must not be the administrator as well. */
function readMetricsToken(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const token = readToken('MORTISE_METRICS_TOKEN', env.MORTISE_METRICS_TOKEN, 16)
  if (token === undefined || token !== env.MORTISE_ADMIN_TOKEN) return token
  throw refuse('MORTISE_METRICS_TOKEN must be another token than MORTISE_ADMIN_TOKEN.')
}

function readEmail(smtpUrl: string | undefined, from: string | undefined): EmailSettings | undefined {
  if (!smtpUrl && !from) return undefined
  // The address holds a password: it is not repeated.
  if (!smtpUrl || !URL.canParse(smtpUrl) || !/^smtps?:$/.test(new URL(smtpUrl).protocol)) {
    throw refuse('MORTISE_SMTP_URL must be an address such as smtp://user:password@mail.example.com:587.')
  }
  if (!from || !parse(emailAddressSchema, from).ok) {
    throw refuse('MORTISE_EMAIL_FROM must be the address that email comes from, such as mortise@example.com.')
  }
  return { smtpUrl, from }
}

function readHosts(text: string | undefined): string[] {
  const hosts = (text ?? '')
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter(Boolean)
  for (const host of hosts) {
    if (!/^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.test(host)) {
      throw refuse(
        `MORTISE_ALLOW_PRIVATE_HOSTS must be a comma list of hosts such as 127.0.0.1:9000, not '${host}'.`,
      )
    }
  }
  return hosts
}

/** On where an address is given, as the OpenTelemetry specification names it. */
function readExportTraces(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false
  if ((env.OTEL_TRACES_EXPORTER || 'otlp') !== 'otlp') return false
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
}

function readLogLevel(text: string | undefined): LogLevel {
  const level = logLevels.find((candidate) => candidate === (text || 'info'))
  if (level) return level
  throw refuse(`MORTISE_LOG_LEVEL must be one of ${logLevels.join(', ')}, not '${text}'.`)
}

function refuse(message: string): MortiseError {
  return new MortiseError('INPUT_INVALID', message)
}
