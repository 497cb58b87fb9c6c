/** Runs inside the worker of every plugin. */
import { bootWorkerRealm } from '@mortise/sdk/realm'
// The boot gave the realm a document; this adds the few things that React looks for beside it, whichever React.
import '@remote-dom/react/polyfill'
import * as sdk from '@mortise/sdk'
import { bringPart } from '@mortise/sdk/boot'
import { offer } from './shared.ts'

bringPart({ shared: offer({ '@mortise/sdk': async () => sdk }) })
bootWorkerRealm()
