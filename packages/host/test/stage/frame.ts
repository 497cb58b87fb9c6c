import { bootFrame } from '@mortise/sdk/boot'

void bootFrame({
  shared: { '@mortise/sdk': { version: '0.1.0', load: () => import('@mortise/sdk') } },
})
