// Hostile worker plugin: steals its own port from the SDK and speaks Comlink's
// whole protocol to the host by hand.
const seen = []
const outcomes = {}
let port

const post = MessagePort.prototype.postMessage
MessagePort.prototype.postMessage = function (...args) {
  port ??= this
  return post.apply(this, args)
}

const raw = (value) => ({ type: 'RAW', value })
let next = 0
const id = () => `attack-${++next}`

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Settles when the host answers the message with this id. */
function answerTo(wanted) {
  return new Promise((resolve) => {
    const listen = ({ data }) => {
      if (data?.id !== wanted) return
      port.removeEventListener('message', listen)
      resolve(data)
    }
    port.addEventListener('message', listen)
  })
}

/** Attacks that are answered, some after a request to the server. */
const answered = new Set(['un-granted method', 'un-granted method in a batch', 'inherited method'])

/**
 * Sends one message and reports the answer. Silence is when a later, honest call was answered and this one was not
 * within so many milliseconds more.
 */
async function send(message, silentMs = 300, transfer = []) {
  const answer = answerTo(message.id)
  try {
    post.call(port, message, transfer)
  } catch (error) {
    return `not sent: ${error.name}`
  }
  const honest = id()
  const heard = answerTo(honest)
  post.call(port, { id: honest, type: 'APPLY', path: ['call'], argumentList: [raw(['guest.pong', [1]])] })
  return Promise.race([
    answer,
    heard.then(() => pause(silentMs)).then(() => 'silence'),
    pause(silentMs + 3000).then(() => 'nothing is answered any more'),
  ])
}

const attacks = {
  'construct through constructor': () => ({
    id: id(),
    type: 'CONSTRUCT',
    path: ['constructor', 'constructor'],
    argumentList: [raw('globalThis.pwned = document.cookie')],
  }),
  'apply through constructor': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call', 'constructor'],
    argumentList: [raw('globalThis.pwned = 1')],
  }),
  'set a method': () => ({ id: id(), type: 'SET', path: ['call'], value: raw(1) }),
  'set a prototype': () => ({ id: id(), type: 'SET', path: ['__proto__', 'polluted'], value: raw('yes') }),
  'set through constructor': () => ({
    id: id(),
    type: 'SET',
    path: ['constructor', 'prototype', 'polluted'],
    value: raw('yes'),
  }),
  'get the object': () => ({ id: id(), type: 'GET', path: [] }),
  'get a property': () => ({ id: id(), type: 'GET', path: ['call'] }),
  'get a prototype': () => ({ id: id(), type: 'GET', path: ['__proto__'] }),
  endpoint: () => ({ id: id(), type: 'ENDPOINT' }),
  release: () => ({ id: id(), type: 'RELEASE' }),
  'unknown type': () => ({ id: id(), type: 'PWN', path: ['call'] }),
  'un-granted method': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [raw(['sessions.terminate', ['__SESSION__']])],
  }),
  'un-granted method by path': () => ({
    id: id(),
    type: 'APPLY',
    path: ['sessions', 'terminate'],
    argumentList: [raw('__SESSION__')],
  }),
  'un-granted method in a batch': () => ({
    id: id(),
    type: 'APPLY',
    path: ['batch'],
    argumentList: [
      raw([
        ['sessions.list', [[{}]]],
        ['sessions.terminate', [['__SESSION__']]],
      ]),
    ],
  }),
  'inherited method': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [raw(['constructor', []])],
  }),
  'inherited method of a resource': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [raw(['sessions.constructor', []])],
  }),
  'prototype as method': () => ({ id: id(), type: 'APPLY', path: ['__proto__'], argumentList: [] }),
  'forged handler argument': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [{ type: 'HANDLER', name: 'proxy', value: {} }],
  }),
  'forged throw handler': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [{ type: 'HANDLER', name: 'throw', value: { isError: true, value: { message: 'x' } } }],
  }),
  'unknown handler': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [{ type: 'HANDLER', name: 'nope' }],
  }),
  'no arguments': () => ({ id: id(), type: 'APPLY', path: ['call'] }),
  'path that is no array': () => ({ id: id(), type: 'APPLY', path: 'call', argumentList: [] }),
  'id that is an object': () => ({
    id: { toString: 1 },
    type: 'APPLY',
    path: ['call'],
    argumentList: [raw(['guest.pong', [1]])],
  }),
  'long id': () => ({
    id: 'x'.repeat(100_000),
    type: 'APPLY',
    path: ['call'],
    argumentList: [raw(['guest.pong', [1]])],
  }),
  'polluting arguments': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [
      raw([
        'sessions.list',
        [JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}')],
      ]),
    ],
  }),
  'not an object': () => null,
  'a string': () => 'APPLY',
  'a large argument': () => ({
    id: id(),
    type: 'APPLY',
    path: ['call'],
    argumentList: [raw(['guest.log', ['info', 'x'.repeat(4_000_000)]])],
  }),
  'a huge batch': () => ({
    id: id(),
    type: 'APPLY',
    path: ['batch'],
    argumentList: [raw([['sessions.list', Array.from({ length: 20_000 }, () => [])]])],
  }),
}

async function run({ root, log, api }) {
  await api.sessions.list()
  port.start?.()
  for (const [name, make] of Object.entries(attacks)) {
    const message = make()
    let answer = 'silence'
    if (message && typeof message === 'object')
      answer = await send(message, answered.has(name) ? 15_000 : undefined)
    else post.call(port, message)
    outcomes[name] = typeof answer === 'string' ? answer : JSON.stringify(answer)
    seen.push(name)
  }
  const channel = new MessageChannel()
  const answer = await send(
    {
      id: id(),
      type: 'APPLY',
      path: ['call'],
      argumentList: [raw(['guest.log', ['info', 'with a port', channel.port2]])],
    },
    undefined,
    [channel.port2],
  )
  outcomes['transferred port'] = typeof answer === 'string' ? answer : JSON.stringify(answer)
  log.info('outcomes', outcomes)
  root.append(`attacks finished: ${seen.length + 1}`)
}

export default {
  widgets: {
    // Not awaited by the host: a widget that takes long to draw is stopped.
    probe(context) {
      run(context)
    },
    async flood({ root, api }) {
      await api.sessions.list()
      root.append('flooding')
      for (let count = 0; count < 1_000_000; count++) {
        post.call(port, {
          id: `f${count}`,
          type: 'APPLY',
          path: ['call'],
          argumentList: [raw(['sessions.terminate', ['__SESSION__']])],
        })
      }
    },
  },
}
