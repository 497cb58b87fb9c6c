/** Globals of the web's part of the runtime. */
export const webNames: readonly string[] = [
  'AbortController',
  'AbortSignal',
  'DOMException',
  'Event',
  'EventTarget',
  'Headers',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'crypto',
  'fetch',
  'structuredClone',
]

const mention = new RegExp(`\\b(?:${webNames.join('|')}|onHttpRequest|routes|registerEndpoint)\\b`)

/** Whether source text names something of the web. What it does not name it can still reach, only later. */
export function mentionsWeb(source: string): boolean {
  return mention.test(source)
}
