import type { ComponentName, ComponentProps } from '@mortise/contract'
import type { ReactNode } from 'react'

/** Props of any component of the table: parsed by the engine, named by the table. */
export type RemoteComponentProps = Readonly<Record<string, unknown>> & { readonly children?: ReactNode }

/** Props of one component of the table. */
export type Remote<Name extends ComponentName> = ComponentProps<Name> & { readonly children?: ReactNode }

/** One child of a component that reads its children instead of drawing them. */
export interface RemotePart {
  readonly key: string
  readonly name: ComponentName
  readonly props: RemoteComponentProps
  /** What the child has inside. */
  readonly content: ReactNode
}

/** Components whose children are their data. */
export type StructureName = 'Menu' | 'Tabs'

export type Structure<Name extends StructureName> = Remote<Name> & { readonly parts: readonly RemotePart[] }
