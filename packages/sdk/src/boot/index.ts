export { bootFrame } from './frame.ts'
export type { RealmOptions, SharedModule, WorkerDocumentOptions } from './options.ts'
export { bootWorkerDocument } from './worker-document.ts'
export { bootWorkerRealm } from './worker-realm.ts'
