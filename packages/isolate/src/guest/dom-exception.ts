/** Constants of the web, by their number less one. Those with a `!` belong to no name. */
const constants =
  'INDEX_SIZE,!DOMSTRING_SIZE,HIERARCHY_REQUEST,WRONG_DOCUMENT,INVALID_CHARACTER,!NO_DATA_ALLOWED,NO_MODIFICATION_ALLOWED,NOT_FOUND,NOT_SUPPORTED,INUSE_ATTRIBUTE,INVALID_STATE,SYNTAX,INVALID_MODIFICATION,NAMESPACE,INVALID_ACCESS,!VALIDATION,TYPE_MISMATCH,SECURITY,NETWORK,ABORT,URL_MISMATCH,QUOTA_EXCEEDED,TIMEOUT,INVALID_NODE_TYPE,DATA_CLONE'.split(
    ',',
  )
const codes = new Map(constants.map((constant, index) => [nameOf(constant), index + 1]))
const codeOf = codes.get.bind(codes)

/** What the web's own functions throw. */
export class DOMException extends Error {
  readonly #name: string

  constructor(message: unknown = '', name: unknown = 'Error') {
    super(`${message}`)
    this.#name = `${name}`
  }

  override get name(): string {
    return this.#name
  }

  get code(): number {
    return codeOf(this.#name) ?? 0
  }
}

constants.forEach((constant, index) => {
  for (const holder of [DOMException, DOMException.prototype])
    Object.defineProperty(holder, `${constant.replace('!', '')}_ERR`, { value: index + 1, enumerable: true })
})

/** `INVALID_STATE` → `InvalidStateError`. */
function nameOf(constant: string): string {
  const words = constant.replace('INUSE', 'IN_USE').split('_')
  return `${words.map((word) => (word === 'URL' ? word : word[0] + word.slice(1).toLowerCase())).join('')}Error`
}
