/** Runs inside the worker of a plugin. */
import { bootWorkerRealm } from '@mortise/sdk/boot'
import { sharedModules } from './shared.ts'

void bootWorkerRealm({
  shared: sharedModules,
  // The boot gave the realm a document; this adds the few things that React looks for beside it, whichever React.
  prepare: () => import('@remote-dom/react/polyfill'),
})
