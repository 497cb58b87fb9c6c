import type { openForeignContainer } from './open-foreign-container.ts'

/** A module that every plugin of a realm shares, loaded when the first plugin asks for it. */
export interface SharedModule {
  /** Semantic version, compared with what the plugin asks for. */
  readonly version: string
  readonly load: () => Promise<unknown>
}

export interface RealmOptions {
  /** Modules offered to federated plugins by package name, such as `react` and `react/jsx-runtime`. */
  readonly shared?: Readonly<Record<string, SharedModule>>
  /** For plugins that another tool built: they want the runtime of Module Federation. */
  readonly loadFederation?: () => Promise<typeof openForeignContainer>
}
