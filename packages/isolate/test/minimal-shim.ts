/**
 * The smallest useful dialect: the exports are an object whose `onX` methods
 * are handlers, called with the object as `this`. Events are `{type, data}`;
 * `session.created` goes to `onSessionCreated` with `data.session`.
 */
export const minimalShim = `(function (host) {
  const handlerName = (type) => 'on' + type.split(/[._]/).map((part) => part[0].toUpperCase() + part.slice(1)).join('')
  return {
    globals: { host: { call: host.call, callSync: host.callSync, log: host.log } },
    modules: { 'mortise:test': { answer: 42, double: (n) => n * 2 } },
    adopt(exports) {
      const plugin = typeof exports === 'function' ? { run: exports } : exports
      plugin.config = host.config
      plugin.manifest = host.manifest
      const listened = []
      globalThis.listen = (type) => listened.push(type)
      return {
        get handlers() { return Object.keys(plugin).filter((key) => /^on[A-Z]/.test(key)) },
        get subscriptions() { return [...(plugin.subscriptions ?? []), ...listened] },
        deliver(event) { return plugin[handlerName(event.type)]?.(event.data.session ?? event.data) },
        call(name, args) {
          if (typeof plugin[name] !== 'function') throw new Error('The plugin has no ' + name)
          return plugin[name](...args)
        },
        configure(config) { plugin.config = config },
      }
    },
  }
})`
