/** Runs after the realm in the workers of plugins that another tool built. */
import { bringFederation } from '@mortise/sdk/federation'

bringFederation()
