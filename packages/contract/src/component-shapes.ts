import shapes from './component-shapes.generated.json' with { type: 'json' }
import type { ComponentName } from './ui.ts'

/** How a property is written: as text of an attribute it becomes a value of this kind. */
export type PropertyKind = 'string' | 'number' | 'boolean' | 'array'

/** A component without its schemas, which are the host's business. */
export interface ComponentShape {
  readonly element: string
  readonly props: Readonly<Record<string, PropertyKind>>
  readonly events: readonly string[]
}

/**
 * The component table for realms: names only, so that no plugin waits for a
 * schema library. Generated from the table by `npm run docs:reference`.
 */
export const componentShapes = shapes as Readonly<Record<ComponentName, ComponentShape>>
