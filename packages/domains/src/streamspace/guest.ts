import type { GuestDialect, GuestHost, GuestRing, GuestWork } from '@mortise/contract'

/** What the guest has to know of the domain, as data. */
export interface GuestTable {
  readonly version: string
  /** Resource → names of its methods. */
  readonly resources: Readonly<Record<string, readonly string[]>>
  /** The same for what the backend lends to server code. */
  readonly powers: Readonly<Record<string, readonly string[]>>
  /** Event type → the method that receives it, and the property of `data` it gets bare. */
  readonly events: Readonly<
    Record<string, { readonly handler: string; readonly filter: string; readonly subject?: string }>
  >
}

/**
 * Shapes an isolate so that StreamSpace plugins find what they expect: `this.config`
 * and the global `streamspace`, and the context given to `onLoad`.
 *
 * @remarks
 * The text of this function is what runs in the isolate, so it must not use
 * anything but its argument and the language.
 */
export function createGuest(table: GuestTable): (host: GuestHost) => GuestDialect {
  type Call = (...args: unknown[]) => unknown
  type Plugin = Record<string, unknown>
  interface Event {
    readonly event_id: string
    readonly event_type: string
    readonly timestamp: string
    readonly data?: Record<string, unknown>
  }
  const lifecycle = ['onLoad', 'onUnload', 'onStartup', 'onShutdown', 'onEnable', 'onDisable']

  return (host) => {
    const listeners = new Map<string, Set<Call>>()
    let plugin: Plugin = {}

    const build = (names: GuestTable['resources']) => {
      const built: Record<string, Record<string, Call>> = {}
      for (const [resource, methods] of Object.entries(names)) {
        const calls = methods.map((method): [string, Call] => [
          method,
          (...args) => host.call(`${resource}.${method}`, args),
        ])
        built[resource] = Object.fromEntries(calls)
      }
      return built
    }
    const resources = build(table.resources)
    const powers = build(table.powers)
    const { sessions = {}, users = {}, templates = {}, storage = {} } = resources

    storage.clear = async () => {
      const keys = (await storage.keys?.()) as string[] | undefined
      for (const key of keys ?? []) await storage.delete?.(key)
    }

    /** Functions that plugin code registered by name, beside the maps of the plugin object. */
    const works: Record<GuestWork, Map<string, Call>> = { job: new Map(), command: new Map() }
    const { scheduler = {} } = powers
    const { schedule } = scheduler
    scheduler.schedule = (name, when, run) => {
      if (typeof run === 'function') works.job.set(String(name), run as Call)
      return schedule?.(name, when)
    }

    const { notifications = {} } = powers
    const notify: Call = (to, given) => {
      const { title, message, type, actions } = (given ?? {}) as Record<string, unknown>
      const buttons = Array.isArray(actions) ? actions.flatMap(toAction) : []
      return notifications.send?.(to, {
        title,
        message,
        type,
        ...(buttons.length > 0 && { actions: buttons }),
      })
    }
    // The contract's `handler` is a function, which no button finds again after a restart: name a command instead.
    const toAction = (given: unknown) => {
      const { label, url, handler, ...own } = (given ?? {}) as Record<string, unknown>
      if ('command' in own || 'path' in own) return [{ label, ...own }]
      if (typeof url === 'string') return [{ label, path: url }]
      if (typeof handler === 'string') return [{ label, command: handler }]
      host.log('warn', 'An action of a notification was left out: it needs `command`, `path` or `url`.')
      return []
    }
    const notices: Record<string, Call> = {
      notify,
      notifyAll: (given) => notify('*', given),
      notifyAdmins: (given) => notify('admins', given),
    }
    const runWork = (what: GuestWork, name: string, args: readonly unknown[]) => {
      const named = entriesOf(`${what}s`).find(([key]) => key === name)?.[1]
      const run = works[what].get(name) ?? named
      if (typeof run === 'function') return run.apply(plugin, args)
      throw new Error(`The plugin has no ${what} '${name}'`)
    }
    const commands: Record<string, Call> = {
      register(given) {
        const { name, handler } = (given ?? {}) as Record<string, unknown>
        if (typeof handler !== 'function') throw new TypeError('A command needs a name and a handler')
        works.command.set(String(name), handler as Call)
      },
      execute: async (name, args) => runWork('command', String(name), [args]),
    }

    const { email = {} } = powers
    const { send } = email
    email.send = (given) => {
      const { from, ...message } = given as { from?: unknown }
      if (from !== undefined) host.log('warn', 'Email comes from the address of the host; `from` is ignored.')
      return send?.(message)
    }

    let values = host.config
    const use = (changed: Record<string, unknown>) => {
      values = changed
      give('config', changed)
    }
    const config = {
      get: (key?: string) => (key === undefined ? values : values[key]),
      async set(key: string, value: unknown) {
        await host.call('config.set', [key, value])
        use({ ...values, [key]: value })
      },
    }

    const write =
      (level: 'debug' | 'info' | 'warn' | 'error'): Call =>
      (message, data) =>
        host.log(level, typeof message === 'string' ? message : JSON.stringify(message), data)
    const logger = {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      log: (level: string, message: unknown, data?: unknown) => {
        const wanted = String(level).toLowerCase()
        const known = wanted === 'debug' || wanted === 'warn' || wanted === 'error' ? wanted : 'info'
        write(known)(message, data)
      },
    }

    const on = (type: unknown, listener: unknown) => {
      if (typeof type !== 'string' || typeof listener !== 'function') {
        throw new TypeError('on(type, listener) takes the name of an event and a function')
      }
      const known = listeners.get(type) ?? new Set()
      listeners.set(type, known.add(listener as Call))
      return () => {
        known.delete(listener as Call)
        if (known.size === 0) listeners.delete(type)
      }
    }

    const moves: Record<string, string> = {
      running: 'wake',
      hibernated: 'hibernate',
      terminated: 'terminate',
    }
    const flat: Record<string, Call> = {
      getSessions: (filter) => sessions.list?.(filter ?? {}),
      getSession: (id) => sessions.get?.(id),
      createSession: (session) => sessions.create?.(session),
      deleteSession: (id) => sessions.terminate?.(id),
      getUserSessions: (user) => sessions.list?.({ user }),
      updateSession: (id, change) => {
        const move = moves[String((change as { state?: unknown } | undefined)?.state)]
        if (!move)
          throw new TypeError('updateSession can change the state only: running, hibernated or terminated')
        return sessions[move]?.(id)
      },
      getUsers: (filter) => users.list?.(filter ?? {}),
      getUser: (name) => users.get?.(name),
      getTemplates: (filter) => templates.list?.(filter ?? {}),
      getTemplate: (name) => templates.get?.(name),
    }
    const emit: Call = (type, data) => host.call('events.emit', [type, data])
    const api: Record<string, unknown> = {
      ...resources,
      ...powers,
      ...notices,
      commands,
      ...flat,
      webhooks: { on },
      events: { on, emit },
      log: logger,
    }
    const context = { api, config, logger }

    const matches = (wanted: string, type: string) =>
      wanted === '*' || wanted === type || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)))

    const entriesOf = (name: string): [string, unknown][] => {
      const map = plugin[name]
      return map !== null && typeof map === 'object' ? Object.entries(map) : []
    }
    const filterOf = (type: string): unknown => {
      const named = Object.hasOwn(table.events, type) ? table.events[type] : undefined
      const own = named && plugin[named.filter]
      if (typeof own === 'function') return own
      return entriesOf('filters').find(([key, value]) => key === type && typeof value === 'function')?.[1]
    }
    // StreamSpace names the whole path; what counts here starts after the plugin's own name.
    const endpoints = new Map<string, Call>()
    const registerEndpoint: Call = (given) => {
      const { method = 'GET', path, handler } = (given ?? {}) as Record<string, unknown>
      if (typeof path !== 'string' || typeof handler !== 'function') {
        throw new TypeError('registerEndpoint({method, path, handler}) takes a path and a function')
      }
      const own = path.replace(/^\/api\/plugins\/[^/]+/, '')
      endpoints.set(
        `${String(method).toUpperCase()} ${own.startsWith('/') ? own : `/${own}`}`,
        handler as Call,
      )
    }
    api.registerEndpoint = registerEndpoint
    /** Handlers by `METHOD /path`, in the order in which they are tried. */
    const routeMap = (): [string, Call][] => {
      const named = entriesOf('routes').map(([key, run]) => [key.startsWith('/') ? `* ${key}` : key, run])
      const all = [...named, ...endpoints, ['* /*', plugin.onHttpRequest]] as [string, unknown][]
      return all.filter((entry): entry is [string, Call] => typeof entry[1] === 'function')
    }
    /** The `res` of older handlers: what is called on it becomes the answer. */
    const makeResponder = () => {
      const answer: { status: number; headers: Record<string, string>; body?: unknown } = {
        status: 200,
        headers: {},
      }
      let isSent = false
      const send = (body?: unknown) => {
        isSent = true
        answer.body = body
        return responder
      }
      const responder = {
        status: (status: number) => {
          answer.status = status
          return responder
        },
        set: (name: string, value: string) => {
          answer.headers[name] = value
          return responder
        },
        json: send,
        send,
        end: send,
      }
      return { responder, result: () => (isSent ? answer : undefined) }
    }
    const numberOr = (value: unknown, fallback: number) => (typeof value === 'number' ? value : fallback)

    const give = (name: string, value: unknown) => {
      Object.defineProperty(plugin, name, { value, writable: true, configurable: true, enumerable: false })
    }

    return {
      globals: {
        streamspace: {
          ...powers,
          ...notices,
          commands,
          version: table.version,
          api,
          storage,
          log: logger,
          events: { on, emit },
          config,
        },
      },
      adopt(exports) {
        plugin = exports !== null && typeof exports === 'object' ? (exports as Plugin) : {}
        // A frozen object cannot take `config`: its methods then run on an object that inherits from it.
        if (!Object.isExtensible(plugin)) plugin = Object.create(plugin) as Plugin
        use(host.config)
        give('manifest', host.manifest)
        const { name, version, permissions } = plugin
        const declared = {
          ...(typeof name === 'string' ? { name } : {}),
          ...(typeof version === 'string' ? { version } : {}),
          ...(Array.isArray(permissions) ? { permissions: permissions.map(String) } : {}),
        }
        return {
          declared,
          get handlers() {
            const names = Object.values(table.events).map(({ handler }) => handler)
            return names.filter((name) => typeof plugin[name] === 'function')
          },
          get subscriptions() {
            const named = entriesOf('on').filter(([, value]) => typeof value === 'function')
            const all = typeof plugin.onEvent === 'function' ? ['*'] : []
            return [...new Set([...listeners.keys(), ...named.map(([type]) => type), ...all])]
          },
          get filters() {
            const priority = numberOr(plugin.filterPriority, 100)
            const types = new Set([
              ...Object.keys(table.events),
              ...entriesOf('filters').map(([type]) => type),
            ])
            return [...types].filter((type) => filterOf(type)).map((type) => ({ type, priority }))
          },
          get rings() {
            return entriesOf('rings').flatMap(([ring, value]) => {
              if (typeof value === 'function') return [{ ring, priority: 100 }]
              const { priority, timeoutMs, failPolicy, run } = (value ?? {}) as Record<string, unknown>
              if (typeof run !== 'function') return []
              return [{ ring, priority: numberOr(priority, 100), timeoutMs, failPolicy } as GuestRing]
            })
          },
          get routes() {
            return routeMap().map(([key]) => {
              const [method = '', path = ''] = key.split(/ +/)
              return { method: method.toUpperCase(), path }
            })
          },
          async request(route, given) {
            const isAsked = ([key]: [string, Call]) => {
              const [method = '', path] = key.split(/ +/)
              return method.toUpperCase() === route.method && path === route.path
            }
            const run = routeMap().find(isAsked)?.[1]
            const { responder, result } = makeResponder()
            const returned = await run?.call(plugin, given, responder)
            return result() ?? returned
          },
          filter(type, payload) {
            const run = filterOf(type)
            return typeof run === 'function' ? run.call(plugin, payload) : undefined
          },
          async ring(ring, given) {
            const value = entriesOf('rings').find(([name]) => name === ring)?.[1]
            const run = typeof value === 'function' ? value : (value as { run?: unknown } | undefined)?.run
            const result = typeof run === 'function' ? await run.call(plugin, given) : undefined
            const { metadata } = given as { metadata?: unknown }
            if (result === undefined || result === null) return { action: 'passthrough', metadata }
            return typeof result === 'object' ? { metadata, ...result } : result
          },
          work: async (what, name, args) => runWork(what, name, args),
          async deliver(given) {
            const event = given as Event
            const known = Object.hasOwn(table.events, event.event_type)
              ? table.events[event.event_type]
              : undefined
            const data = event.data ?? {}
            const subject = known?.subject === undefined ? data : data[known.subject]
            const envelope = { id: event.event_id, type: event.event_type, timestamp: event.timestamp, data }
            const runs: Call[] = []
            const own = known && plugin[known.handler]
            if (typeof own === 'function') {
              runs.push(() => own.call(plugin, subject))
            }
            for (const [wanted, run] of entriesOf('on')) {
              if (typeof run !== 'function' || !matches(wanted, event.event_type)) continue
              runs.push(() => run.call(plugin, subject))
            }
            const { onEvent } = plugin
            if (typeof onEvent === 'function') runs.push(() => onEvent.call(plugin, envelope))
            for (const [wanted, calls] of listeners) {
              if (!matches(wanted, event.event_type)) continue
              for (const call of calls) runs.push(() => call(envelope))
            }
            // Each runs whether or not another throws; the first error is what the host hears.
            const results = await Promise.allSettled(runs.map(async (run) => run()))
            for (const result of results) if (result.status === 'rejected') throw result.reason
          },
          call(name, args) {
            const method = plugin[name]
            if (typeof method !== 'function') return undefined
            return lifecycle.includes(name) ? method.call(plugin, context) : method.apply(plugin, args)
          },
          configure: use,
        }
      },
    }
  }
}
