import * as sdk from '@mortise/sdk'
import { bringPart } from '@mortise/sdk/boot'
import { bootWorkerRealm } from '@mortise/sdk/realm'

bringPart({ shared: { '@mortise/sdk': { version: '0.1.0', load: async () => sdk } } })
bootWorkerRealm()
