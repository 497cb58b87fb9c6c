import { MortiseError } from '@mortise/contract'
import { createGuardedAgent } from './guarded-agent.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { HostList } from './host-list.ts'
import { HostedPlugin, type PluginHome } from './hosted-plugin.ts'
import { defaultLimits } from './limits.ts'
import { restartWaitsMs } from './restart-backoff.ts'
import { RunnerProcess } from './runner-process.ts'
import { Suspects } from './suspects.ts'
import type { LoadedPlugin, PluginSpec, RunnerPool, RunnerPoolOptions } from './types.ts'

interface Slot {
  readonly isForSuspects: boolean
  readonly plugins: Set<HostedPlugin>
  process: RunnerProcess | undefined
  starting: Promise<RunnerProcess> | undefined
  startedAt: number
}

/** A process that dies sooner than this is not refilled at once: each plugin starts again with its next call. */
const healthyMs = 1_000

/**
 * Makes a pool of locked child processes that hold plugin isolates.
 *
 * Children start with their first plugin. Plugins are spread over them, so that
 * the few memory bombs which kill a whole process reach part of the plugins
 * only; those start again in a new process without a strike. A plugin that got
 * a strike goes on in a process of its own kind, which stands back where others
 * want the processor, until it has behaved for a while; taken out and loaded
 * again, it is still the same. One that strikes again and again is held back
 * longer each time.
 */
export function createRunnerPool(options: RunnerPoolOptions = {}): RunnerPool {
  const shared = Array.from({ length: Math.max(1, options.children ?? 2) }, () => makeSlot(false))
  const suspects = makeSlot(true)
  const slots = [...shared, suspects]
  const allowPrivateHosts = options.allowPrivateHosts ?? []
  const agent = createGuardedAgent({
    privateHosts: new HostList(allowPrivateHosts),
    resolve: options.resolve,
  })
  const now = options.now ?? (() => performance.now())
  let lastKey = 0
  let isClosed = false

  /** Where a plugin belongs: it moves when its sandbox starts. */
  function placeOf(plugin: HostedPlugin): Slot {
    const present = slots.find(({ plugins }) => plugins.has(plugin))
    if (present?.isForSuspects === plugin.isSuspect) return present
    const slot = plugin.isSuspect
      ? suspects
      : shared.reduce((least, one) => (one.plugins.size < least.plugins.size ? one : least))
    present?.plugins.delete(plugin)
    slot.plugins.add(plugin)
    endWhereIdle()
    return slot
  }

  /** A process for suspects is there only while there are some. */
  function endWhereIdle(): void {
    if (suspects.plugins.size > 0) return
    const { process } = suspects
    suspects.process = undefined
    process?.kill()
  }

  function processOf(slot: Slot): Promise<RunnerProcess> {
    if (isClosed) return Promise.reject(new MortiseError('PLUGIN_NOT_RUNNING', 'The runner pool is closed'))
    if (slot.process?.isAlive) return Promise.resolve(slot.process)
    slot.starting ??= startProcess(slot).finally(() => {
      slot.starting = undefined
    })
    return slot.starting
  }

  async function startProcess(slot: Slot): Promise<RunnerProcess> {
    slot.startedAt = now()
    let started: RunnerProcess | undefined
    started = await RunnerProcess.start(() => onExit(slot, started), slot.isForSuspects)
    if (isClosed) await started.kill()
    slot.process = started
    endWhereIdle()
    return started
  }

  function onExit(slot: Slot, exited: RunnerProcess | undefined): void {
    // One that was ended on purpose is no longer the slot's.
    if (slot.process !== exited) return
    slot.process = undefined
    // One that never got ready failed the load that asked for it.
    if (isClosed || !exited) return
    options.log?.({ level: 'warn', message: `Runner process ${exited.pid} ended; its plugins start again` })
    if (now() - slot.startedAt < healthyMs) return
    for (const plugin of slot.plugins) plugin.revive()
  }

  const home: PluginHome = {
    maxStrikes: options.maxStrikes ?? 5,
    restartWaitsMs: options.restartWaitsMs ?? restartWaitsMs,
    suspects: new Suspects(now),
    process: (plugin) => processOf(placeOf(plugin)),
    now,
    newKey: () => ++lastKey,
    log: (record) => options.log?.(record),
    aroundCall: (call, work) => options.aroundCall?.(call, work) ?? work(),
    keepContext: () => options.keepContext?.() ?? ((work) => work()),
    aroundFetch: (request, work) => options.aroundFetch?.(request, work) ?? work(),
    makeFetch: (plugin, allowedHosts, { fetchTimeoutMs, fetchBodyBytes }) =>
      createGuardedFetch({
        agent,
        allowedHosts,
        allowPrivateHosts,
        hostHeaders: options.fetchHeaders,
        didContact: (contact) => options.didContact?.({ plugin, ...contact }),
        timeoutMs: fetchTimeoutMs,
        bodyBytes: fetchBodyBytes,
      }),
    forget(plugin) {
      for (const { plugins } of slots) plugins.delete(plugin)
      endWhereIdle()
    },
  }

  return {
    async load(spec: PluginSpec): Promise<LoadedPlugin> {
      const plugin = new HostedPlugin(spec, { ...defaultLimits, ...options.limits, ...spec.limits }, home)
      placeOf(plugin)
      try {
        await plugin.start()
        return plugin
      } catch (thrown) {
        await plugin.dispose()
        throw thrown
      }
    },

    usage: () => Promise.all(slots.flatMap(({ plugins }) => [...plugins].map((plugin) => plugin.usage()))),

    async close() {
      isClosed = true
      await Promise.all(slots.flatMap(({ plugins }) => [...plugins].map((plugin) => plugin.dispose())))
      await Promise.all(
        slots.map(async ({ process, starting }) =>
          (process ?? (await starting?.catch(() => undefined)))?.kill(),
        ),
      )
      await agent.destroy()
    },

    get children() {
      return slots.flatMap(({ process, plugins }) =>
        process?.isAlive ? [{ pid: process.pid, plugins: [...plugins].map(({ id }) => id) }] : [],
      )
    },
  }
}

function makeSlot(isForSuspects: boolean): Slot {
  return { isForSuspects, plugins: new Set(), process: undefined, starting: undefined, startedAt: 0 }
}
