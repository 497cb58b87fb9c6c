import { bringFederation } from '@mortise/sdk/federation'

bringFederation()
