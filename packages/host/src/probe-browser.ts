const probeMs = 5000

/**
 * Whether this browser enforces the `Connection-Allowlist` header, which is what keeps code in a frame from
 * reaching other hosts over WebRTC. Workers have no WebRTC and do not need it.
 *
 * @param url - The backend's probe document.
 * @returns `false` where the browser does not, or where the probe did not answer.
 */
export function probeConnectionAllowlist(url = '/sandbox/probe.html'): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-scripts')
  frame.hidden = true
  const receive = ({ source, data }: MessageEvent) => {
    if (source !== frame.contentWindow || data?.type !== 'mortise.probe') return
    resolve(data.listed === true && data.unlisted === false)
  }
  addEventListener('message', receive)
  const timer = setTimeout(resolve, probeMs, false)
  frame.src = url
  document.body.append(frame)
  return promise.finally(() => {
    clearTimeout(timer)
    removeEventListener('message', receive)
    frame.remove()
  })
}
