import { isIP } from 'node:net'
import { type HostList, isPublicAddress } from '@mortise/isolate'

const internalUrl = 'Internal/localhost URLs are not allowed'

/**
 * Says what is wrong with an address that events would be sent to, `undefined`
 * for a good one. This is the early, readable answer; what counts is the check
 * of the address that a connection really uses, made at each attempt.
 *
 * @param privateHosts - Hosts the operator opened although they are internal.
 */
export function checkUrl(text: string, privateHosts: HostList): string | undefined {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (scheme !== 'http' && scheme !== 'https') {
    return `Invalid scheme '${scheme}'. Only http and https are allowed.`
  }
  if (!/^\s*https?:\/\/[^/?#\\]/i.test(text)) return 'Missing hostname in URL'
  if (!URL.canParse(text)) return 'The URL is not valid'
  const url = new URL(text)
  if (url.username || url.password) return 'User names and passwords in URLs are not allowed'
  if (privateHosts.allows(url.hostname, portOf(url))) return undefined
  return isInternal(url.hostname) ? internalUrl : undefined
}

export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
}

/** `host` is in the form the URL standard gives it, so `0x7f.1` is `127.0.0.1` here. */
function isInternal(host: string): boolean {
  const address = host.startsWith('[') ? host.slice(1, -1) : host
  if (isIP(address) !== 0) return !isPublicAddress(address)
  if (host.endsWith('.')) return true
  return /localhost|\.(local|internal|lan)(\.|$)/.test(host)
}
