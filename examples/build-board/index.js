// Takes signed build results and shows the last ones, at once.
const encoder = new TextEncoder()
const most = 50

module.exports = {
  routes: {
    // Anybody may knock here: the signature says who it is.
    async 'POST /hooks/builds'(request) {
      if (!(await isSigned(request, this.config.signingSecret))) {
        return { status: 403, body: { error: 'The signature does not fit.' } }
      }
      const { job, result } = request.json()
      if (typeof job !== 'string' || !['passed', 'failed'].includes(result)) {
        return { status: 400, body: { error: 'Send {"job": "…", "result": "passed" | "failed"}.' } }
      }
      const builds = [{ job, result, at: new Date().toISOString() }, ...(await readBuilds())]
      await streamspace.storage.set('builds', builds.slice(0, most))
      await streamspace.api.sse.send('builds', 'changed', '')
      return { status: 202, body: { kept: Math.min(builds.length, most) } }
    },

    'GET /builds.json': async () => Response.json(await readBuilds()),

    // A page of the plugin's own. Its ticket lets it ask the other addresses as the person who sees it.
    'GET /': ({ user, ticket }) => ({
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Builds</title>
<link rel="stylesheet" href="board.css">
<h1>Builds</h1>
<p>Signed in as ${toHtml(user.name)}.</p>
<p id="empty">No build was reported yet.</p>
<table hidden><thead><tr><th>Job<th>Result<th>When<tbody></table>
<script type="module" src="board.js" data-ticket="${ticket}"></script>`,
    }),
  },
}

async function readBuilds() {
  return (await streamspace.storage.get('builds')) ?? []
}

async function isSigned(request, secret) {
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(request.headers['x-hub-signature-256'] ?? '') ?? []
  if (hex === undefined) return false
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify'])
  const signature = Uint8Array.from(hex.match(/../g), (byte) => Number.parseInt(byte, 16))
  return crypto.subtle.verify('HMAC', key, signature, request.bytes())
}

function toHtml(text) {
  return String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
