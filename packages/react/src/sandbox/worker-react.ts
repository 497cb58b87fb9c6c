/** Runs after the realm in the workers of plugins that share React or the components, and not React DOM. */
import { bringPart } from '@mortise/sdk/boot'
import { remoteReact } from '../remote/index.ts'
import { sharedReact } from './react.ts'
import { offer } from './shared.ts'

bringPart({ shared: offer({ ...sharedReact, '@mortise/react': async () => remoteReact }) })
