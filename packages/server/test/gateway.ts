import { defineDomain, s } from '@mortise/contract'

/** A domain of one ring, which lets prompts pass where a plugin fails. */
export const gateway = defineDomain({
  name: 'gateway',
  version: '1.0.0',
  permissions: { 'join:rings': { risk: 'high', sentence: 'Read and change prompts' } },
  resources: {},
  events: {},
  slots: {},
  rings: {
    pre_flight: {
      summary: 'Before a prompt goes out.',
      permission: 'join:rings',
      payload: s.object({ prompt: s.string() }),
      timeoutMs: 2000,
      failPolicy: 'open',
      order: 1,
    },
  },
})
