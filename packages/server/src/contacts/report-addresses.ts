import type { Vault } from '../secrets/vault.ts'

export const reportPrefix = '/sandbox-reports/'

const place = 'sandbox report'

/**
 * Addresses that browsers send their policy reports to, one for each sandbox document.
 *
 * @remarks
 * The address alone says whose report it is, so it is sealed: a plugin can read its
 * own, and make none of another plugin.
 */
export class ReportAddresses {
  readonly #vault: Vault

  constructor(vault: Vault) {
    this.#vault = vault
  }

  issue(plugin: string): string {
    return `${reportPrefix}${this.#vault.seal(plugin, place)}`
  }

  /** The plugin that an address was made for, `undefined` where it is not ours. */
  read(token: string): string | undefined {
    try {
      return this.#vault.open(token, place)
    } catch {
      return undefined
    }
  }
}
