import { bootWorkerRealm } from '@mortise/sdk/boot'

void bootWorkerRealm({
  shared: { '@mortise/sdk': { version: '0.1.0', load: () => import('@mortise/sdk') } },
})
