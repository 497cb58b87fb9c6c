export { bootFrame } from './frame.ts'
export type { RealmOptions, SharedModule } from './options.ts'
export { bringPart } from './realm-parts.ts'
