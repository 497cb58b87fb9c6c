export type { RealmOptions, SharedModule, WorkerDocumentOptions } from './options.ts'
