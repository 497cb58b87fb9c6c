// Tries every row of the guard tables in every way a guest has, whenever the test leaves an order in its store.
const methods = __METHODS__
const events = __EVENTS__
const hostile = __HOSTILE__
const hostMessages = __HOST_MESSAGES__

let port
const post = MessagePort.prototype.postMessage
MessagePort.prototype.postMessage = function (...args) {
  if (args[0]?.type === 'APPLY') port = this
  return post.apply(this, args)
}

const raw = (value) => ({ type: 'RAW', value })
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const word = (result) => (result?.ok ? 'RAN' : (result?.error?.code ?? 'nothing'))
let last = 0

/** Sends what no SDK would, and answers what came back. */
function byHand(path, value) {
  const id = `hand-${++last}`
  const answer = new Promise((resolve) => {
    const listen = ({ data }) => {
      if (data?.id !== id) return
      port.removeEventListener('message', listen)
      resolve(data.value)
    }
    port.addEventListener('message', listen)
  })
  post.call(port, { id, type: 'APPLY', path: [path], argumentList: [raw(value)] })
  return Promise.race([answer, pause(10_000).then(() => undefined)])
}

/** Several calls in one message, each named anew; their results in order. */
async function batchByHand(calls) {
  const runs = calls.map(([name, args, ...key]) => [name, [args], ...key])
  const [values = [], failures = []] = (await byHand('batch', runs)) ?? []
  const results = values.map((value) => ({ ok: true, value }))
  for (const [index, error] of failures) results[index] = { ok: false, error }
  return results
}

async function run({ root, api, events: feed, permissions, withSignal }) {
  const on = (target, name) => {
    const [resource, method] = name.split('.')
    return target[resource][method]('x', {}, 1).then(
      () => 'RAN',
      (error) => error.code,
    )
  }
  /** Each row: alone, in a batch, with a signal, and by hand alone, with a key, among others and twice. */
  const tryAll = async () => {
    const outcomes = {}
    const note = (names, words) => {
      for (const [index, name] of names.entries()) outcomes[name] = [...(outcomes[name] ?? []), words[index]]
    }
    for (const name of methods) note([name], [await on(api, name)])
    note(methods, await Promise.all(methods.map((name) => on(api, name))))
    const until = withSignal(new AbortController().signal)
    note(methods, await Promise.all(methods.map((name) => on(until, name))))
    for (const name of methods) {
      const call = [name, ['x', {}, 1]]
      const among = await batchByHand([['storage.keys', []], call, ['guest.pong', [1]], call])
      const forms = [await byHand('call', call), await byHand('call', [...call, ++last]), among[1], among[3]]
      for (const form of forms) note([name], [word(form)])
    }
    return outcomes
  }

  /** Leaves an answer where the test looks for it. */
  const tell = (what, answer) => api.storage.set(`${what} ${done}`, answer)

  const heard = []
  for (const type of ['*', ...events]) feed.on(type, ({ event_type }) => heard.push(event_type))

  const orders = {
    try: async () => ({ outcomes: await tryAll() }),
    heard: async () => ({ heard: [...new Set(heard.splice(0))] }),
    /** Asks, and uses the time while the question is open. */
    async ask(names) {
      const answer = permissions.request(names, 'Please.')
      const together = await Promise.all(methods.map((name) => on(api, name)))
      const asked = await batchByHand([
        ...methods.map((name) => [name, ['x', {}, 1]]),
        ['permissions.has', [names[0]]],
      ])
      await tell('asked', { together, batch: asked.slice(0, -1).map(word), has: asked.at(-1).value })
      const granted = await answer
      return { granted: [...granted], outcomes: await tryAll() }
    },
    /** Says to itself what only the host may say, then says it to the host. */
    async forge(names) {
      const lie = (granted) =>
        port.dispatchEvent(new MessageEvent('message', { data: { type: 'grants', granted } }))
      lie(names)
      const believes = names.filter((name) => permissions.has(name))
      const asked = [...(await permissions.request(names, 'It says so already.'))]
      for (const type of hostMessages) {
        post.call(port, {
          type,
          granted: names,
          mount: 1,
          nonce: 1,
          listener: 1,
          args: [],
          cursor: '1',
          event: { event_type: events[0] },
        })
      }
      const told = await batchByHand(names.map((name) => ['permissions.has', [name]]))
      const outcomes = await tryAll()
      lie([])
      return { believes, asked, told: told.map(({ value }) => value), outcomes }
    },
    /** Arguments that no method takes, for every method that needs no grant or has one. */
    async hostile(names) {
      const codes = new Set()
      const leaks = []
      for (const name of names) {
        for (const args of hostile) {
          const [first, second] = await batchByHand([
            [name, args],
            [name, args],
          ])
          for (const result of [await byHand('call', [name, args]), first, second]) {
            if (!result) leaks.push(`${name}: no answer`)
            else if (!result.ok) codes.add(result.error.code)
            if (/\bat .*\.(ts|js):\d+|node_modules|"stack"/.test(JSON.stringify(result ?? '')))
              leaks.push(`${name}: ${JSON.stringify(result)}`)
          }
        }
        await pause(20)
      }
      return { codes: [...codes], leaks }
    },
  }

  root.append('ready')
  let done = 0
  for (; ; await pause(50)) {
    const order = await api.storage.get('order')
    if (!order || order.number === done) continue
    done = order.number
    await tell('answer', await orders[order.what](order.names))
  }
}

export default {
  widgets: {
    main(context) {
      run(context).catch((error) => context.log.error('broke', error))
    },
  },
}
