/**
 * React for workers: draws into a tree that only makes messages.
 *
 * React DOM would draw into the realm's document, for which a widget's first picture costs about twice as much: it
 * listens for some eighty events at each root, and each element it makes is a custom element with accessors for
 * all of its properties.
 */
import type { RemoteMutationRecord } from '@remote-dom/core'
import { createContext, type ReactNode, version } from 'react'
import createReconciler from 'react-reconciler'
import { ConcurrentRoot, DefaultEventPriority, NoEventPriority } from 'react-reconciler/constants.js'
import {
  addChild,
  insertChild,
  type RemoteChild,
  RemoteElement,
  RemoteRoot,
  RemoteText,
  removeChild,
  setHidden,
} from './remote-nodes.ts'

type Props = Readonly<Record<string, unknown>>

const nothing = () => {}
const never = () => false
const none = () => null
/** Every element is of the same kind. */
const surroundings = {}
const surround = () => surroundings

let priority: number = NoEventPriority

const reconciler = createReconciler<
  string,
  Props,
  RemoteRoot,
  RemoteElement,
  RemoteText,
  never,
  never,
  never,
  never,
  null,
  typeof surroundings,
  never,
  ReturnType<typeof setTimeout>,
  -1,
  null,
  null,
  null,
  never,
  never,
  never,
  null,
  null,
  null
>({
  rendererPackageName: '@mortise/react',
  rendererVersion: version,
  extraDevToolsConfig: null,
  isPrimaryRenderer: true,
  supportsMutation: true,
  supportsPersistence: false,
  supportsHydration: false,
  supportsMicrotasks: true,
  scheduleMicrotask: queueMicrotask,
  scheduleTimeout: setTimeout,
  cancelTimeout: clearTimeout,
  noTimeout: -1,
  bindToConsole: (method, args) => () => console[method as 'error'](...args),

  createInstance: (type, props) => new RemoteElement(type, props),
  createTextInstance: (text) => new RemoteText(text),
  appendInitialChild: addChild,
  finalizeInitialChildren: never,
  shouldSetTextContent: never,
  getRootHostContext: surround,
  getChildHostContext: surround,
  // The host's components have no methods and no state that a plugin could ask.
  getPublicInstance: none,
  getInstanceFromNode: none,
  getInstanceFromScope: none,
  prepareScopeUpdate: nothing,
  preparePortalMount: nothing,
  beforeActiveInstanceBlur: nothing,
  afterActiveInstanceBlur: nothing,
  detachDeletedInstance: nothing,

  prepareForCommit: none,
  resetAfterCommit: (root) => root.flush(),
  appendChild: insertChild,
  appendChildToContainer: insertChild,
  insertBefore: (parent, child, before) => insertChild(parent, child, before as RemoteChild),
  insertInContainerBefore: (parent, child, before) => insertChild(parent, child, before as RemoteChild),
  removeChild: (parent, child) => removeChild(parent, child as RemoteChild),
  removeChildFromContainer: (parent, child) => removeChild(parent, child as RemoteChild),
  clearContainer(root) {
    for (const child of [...root.children]) removeChild(root, child)
  },
  commitUpdate: (element, _type, _before, props) => element.setProps(props),
  commitTextUpdate: (node, _before, text) => node.setText(text),
  hideInstance: (element) => setHidden(element, true),
  hideTextInstance: (node) => setHidden(node, true),
  unhideInstance: (element) => setHidden(element, false),
  unhideTextInstance: (node) => setHidden(node, false),

  // Events of the host come as messages, none of which is more urgent than another.
  setCurrentUpdatePriority: (next) => {
    priority = next
  },
  getCurrentUpdatePriority: () => priority,
  resolveUpdatePriority: () => (priority === NoEventPriority ? DefaultEventPriority : priority),
  resolveEventType: none,
  resolveEventTimeStamp: () => -1.1,
  trackSchedulerEvent: nothing,
  shouldAttemptEagerTransition: never,
  requestPostPaintCallback: nothing,

  // There are no forms, styles or pictures here to wait for.
  NotPendingTransition: null,
  HostTransitionContext: createContext<null>(null),
  resetFormInstance: nothing,
  maySuspendCommit: never,
  maySuspendCommitOnUpdate: never,
  maySuspendCommitInSyncRender: never,
  preloadInstance: () => true,
  startSuspendingCommit: none,
  suspendInstance: nothing,
  suspendOnActiveViewTransition: nothing,
  waitForCommitToBeReady: none,
  getSuspendedCommitReason: none,

  // Nor anything to animate: what is drawn within a view transition is drawn at once.
  applyViewTransitionName: nothing,
  restoreViewTransitionName: nothing,
  cancelViewTransitionName: nothing,
  cancelRootViewTransitionName: nothing,
  restoreRootViewTransitionName: nothing,
  measureInstance: none,
  wasInstanceInViewport: never,
  hasInstanceChanged: never,
  hasInstanceAffectedParent: never,
  startViewTransition(_state, _root, _types, mutate, layout, _afterMutation, spawned) {
    mutate()
    layout()
    spawned()
    return null
  },
  stopViewTransition: nothing,
  createViewTransitionInstance: none,
  createFragmentInstance: none,
  updateFragmentInstanceFiber: nothing,
  commitNewChildToFragmentInstance: nothing,
  deleteChildFromFragmentInstance: nothing,
})

/** Where React draws one widget. */
export interface RemoteReactRoot {
  /** Draws at once: a realm that draws its widgets in one go sends all of them in one message. */
  render(node: ReactNode): void
  unmount(): void
}

/**
 * Makes a root whose changes are sent as records of remote-dom, those of each commit together.
 *
 * @param onUncaughtError - Told what no error boundary caught. Nothing is drawn any more then.
 */
export function createRemoteRoot(
  send: (records: readonly RemoteMutationRecord[]) => void,
  onUncaughtError: (error: unknown) => void,
): RemoteReactRoot {
  const root = reconciler.createContainer(
    new RemoteRoot(send),
    ConcurrentRoot,
    null,
    false,
    null,
    '',
    onUncaughtError,
    reconciler.defaultOnCaughtError,
    reconciler.defaultOnRecoverableError,
    nothing,
    null,
  )
  const draw = (node: ReactNode) => {
    reconciler.updateContainerSync(node, root, null, null)
    reconciler.flushSyncWork()
  }
  return { render: draw, unmount: () => draw(null) }
}
