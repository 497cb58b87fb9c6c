import { MortiseError } from '@mortise/contract'

/** Where people and browsers find this server, as the operator says. */
export interface Addresses {
  /** Origin of the console, such as `https://mortise.example.com`. On this machine only where left out. */
  readonly publicUrl?: string | undefined
  /**
   * Origin of frames of plugins, such as `https://{plugin}.plugins.example.com`. Without `{plugin}` all
   * share one host.
   */
  readonly frameOrigin?: string | undefined
}

const placeholder = '{plugin}'
/** Stands for any plugin while an address is taken apart. */
const anyPlugin = 'any-plugin'

/** @throws `INPUT_INVALID` with one sentence that names the setting. */
export function checkPublicUrl(name: string, text: string): string {
  const origin = originOf(text)
  if (origin === undefined || text.includes('*')) {
    throw refuse(
      `${name} must be the address of the console, such as https://mortise.example.com, not '${text}'.`,
    )
  }
  return origin
}

/** @throws `INPUT_INVALID` with one sentence that names the setting. */
export function checkFrameOrigin(name: string, text: string): string {
  const hasPlace = text.includes(placeholder)
  const isWhole = !hasPlace || /^https?:\/\/\{plugin\}\.[^{}]+$/.test(text)
  const origin = originOf(text.replace(placeholder, anyPlugin))
  const rest = origin?.split(`${anyPlugin}.`)[1] ?? ''
  const isName = !hasPlace || (rest !== '' && !/^[\d.]+(:\d+)?$/.test(rest))
  if (!isWhole || !isName || origin === undefined || /[*{}]/.test(origin)) {
    throw refuse(
      `${name} must be an address whose first label is {plugin}, such as https://{plugin}.plugins.example.com, or one address for all plugins, not '${text}'.`,
    )
  }
  return hasPlace ? origin.replace(anyPlugin, placeholder) : origin
}

/**
 * What holds: the environment's word before that of the configuration.
 *
 * @throws `INPUT_INVALID`.
 */
export function readAddresses(environment: Addresses, config: Addresses): Addresses {
  const publicUrl =
    environment.publicUrl ?? (config.publicUrl && checkPublicUrl('publicUrl', config.publicUrl))
  const frameOrigin =
    environment.frameOrigin ?? (config.frameOrigin && checkFrameOrigin('frameOrigin', config.frameOrigin))
  checkAddresses({ publicUrl, frameOrigin })
  return { publicUrl, frameOrigin }
}

/**
 * Checks addresses against each other.
 *
 * @throws `INPUT_INVALID` where a plugin could be served at the console's own host, or frames would be refused.
 */
function checkAddresses({ publicUrl, frameOrigin }: Addresses): void {
  if (frameOrigin === undefined) return
  const main = new URL(publicUrl ?? 'http://localhost')
  const frames = new URL(frameOrigin.replace(placeholder, anyPlugin))
  if (main.protocol !== frames.protocol) {
    throw refuse(
      `MORTISE_FRAME_ORIGIN must start with ${main.protocol}//, as the console's address does: browsers show no other frames in it.`,
    )
  }
  const [, parent] = frames.hostname.split(`${anyPlugin}.`)
  const isSame =
    parent === undefined ? frames.hostname === main.hostname : main.hostname.endsWith(`.${parent}`)
  if (isSame) {
    throw refuse(
      `MORTISE_FRAME_ORIGIN must not stand for the console's own host ${main.hostname}: a plugin could be served there. Take a name that has nothing else below it.`,
    )
  }
}

/** The origin that a text is, `undefined` where it is more than that or none. */
function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { origin, protocol, pathname, search, hash, username, password } = new URL(text)
  const isBare = pathname === '/' && !search && !hash && !username && !password && !text.endsWith('?')
  return isBare && /^https?:$/.test(protocol) ? origin : undefined
}

function refuse(message: string): MortiseError {
  return new MortiseError('INPUT_INVALID', message)
}
