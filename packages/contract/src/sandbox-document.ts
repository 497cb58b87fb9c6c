/**
 * The document of a worker sandbox. It starts the worker from the code its page hands over and passes the
 * bridge's port on. The worker is a classic script from a blob: that way it inherits the opaque origin and
 * the policy of the document. Removing the document ends it.
 *
 * Written out here because servers send it and browsers run it, and no build stands between the two. Other
 * frames of the page can post here too, so the sender is compared with the embedding window, never its
 * origin: in a sandbox every origin reads `null`.
 */
const script = `
const given = Promise.withResolvers()
let worker
addEventListener('message', ({ source, data, ports }) => {
  if (source !== parent) return
  if (data?.type === 'mortise.probe') ports[0]?.postMessage(true)
  if (data?.type === 'mortise.boot' && ports[0]) given.resolve([data, ports[0]])
  if (data?.type !== 'mortise.realm' || worker) return
  const address = URL.createObjectURL(data.code)
  worker = new Worker(address)
  const settle = (use) => {
    URL.revokeObjectURL(address)
    worker.onmessage = worker.onerror = null
    given.promise.then(use)
  }
  worker.onmessage = () => settle(([boot, port]) => worker.postMessage(boot, [port]))
  worker.onerror = (event) => {
    event.preventDefault()
    const message = 'The sandbox did not start. ' + (event.message ?? 'Its worker was refused.')
    const value = ['guest.failed', [{ code: 'PLUGIN_LOAD_FAILED', name: 'Error', message }]]
    settle(([, port]) => port.postMessage({ id: '1', type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value }] }))
  }
})
`

/** The document of a worker sandbox, to be sent with a policy that allows its script. */
export const workerDocument = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Plugin</title>
<script>${script}</script>
</head>
<body></body>
</html>
`

/** What `script-src` has to name for the script in `workerDocument`, beside the files of the plugin. */
export const workerDocumentScript = "'sha256-gTrWEenEsYW7QwRAVMntdKuhimhfKL8xdI9tNOJuRmI='"
