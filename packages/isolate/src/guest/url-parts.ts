/** The parts of an address, in the order in which the child process answers them. */
export const urlParts = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const

export type UrlPart = (typeof urlParts)[number]
