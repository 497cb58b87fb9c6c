/** A module that every plugin of a realm shares, loaded when the first plugin asks for it. */
export interface SharedModule {
  /** Semantic version, compared with what the plugin asks for. */
  readonly version: string
  readonly load: () => Promise<unknown>
}

export interface RealmOptions {
  /** Modules offered to federated plugins by package name, such as `react` and `react/jsx-runtime`. */
  readonly shared?: Readonly<Record<string, SharedModule>>
  /** Runs in a worker once it has a document, and before anything of the plugin. */
  readonly prepare?: () => Promise<unknown>
}

export interface WorkerDocumentOptions {
  /** Absolute address of the script that calls `bootWorkerRealm`. `/sandbox-assets/worker-realm.js` by default. */
  readonly realmUrl?: string
}
