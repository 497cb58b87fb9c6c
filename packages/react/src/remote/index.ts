/**
 * What `@mortise/react` is in the workers of plugins that share it: the same names, drawn past the document. A
 * component is the name of its element, which the renderer knows the properties and events of.
 */
import { componentShapes } from '@mortise/contract'
import type { MountWidget } from '@mortise/sdk'
import { treeSinkOf } from '@mortise/sdk/tree-sink'
import type { ComponentType } from 'react'
import { type CreateRoot, createWidget } from '../author/create-widget.tsx'
import * as hooks from '../author/hooks.ts'
import { createRemoteRoot } from './create-remote-root.ts'

const createSinkRoot: CreateRoot = (context, onUncaughtError) => {
  const sink = treeSinkOf(context)
  if (!sink)
    throw new TypeError(
      'widget() draws only into the root that the host gave, unless the plugin shares react-dom.',
    )
  return createRemoteRoot(sink, onUncaughtError)
}

const components = Object.fromEntries(
  Object.entries(componentShapes).map(([name, { element }]) => [name, element]),
)

/** As a module of its own would be. */
export const remoteReact: Readonly<Record<string, unknown>> = Object.freeze({
  ...components,
  ...hooks,
  widget: (Widget: ComponentType): MountWidget => createWidget(Widget, createSinkRoot),
  [Symbol.toStringTag]: 'Module',
})
