import { createStore, type StoreApi } from 'zustand/vanilla'

/** What one plugin has cost the page since it was opened. */
export interface PluginCost {
  /** Calls the guard took, answered or refused. */
  readonly calls: number
  /** Bytes of their arguments. */
  readonly bytes: number
  /** Changes to component trees. */
  readonly mutations: number
  /** Events sent to it. */
  readonly events: number
  /** Times it had to be stopped for what it did, lately. */
  readonly restarts: number
  /** Whether it is stopped until a person starts it again. */
  readonly quarantined: boolean
  /** Whether its messages are slowed down for what it has cost. */
  readonly throttled: boolean
  /**
   * Milliseconds its realm took to answer a ping, as a moving average: how busy it is. The page's
   * own business is part of it.
   */
  readonly latencyMs: number
  /** The longest of these answers. */
  readonly maxLatencyMs: number
  /** What the last full second has cost. */
  readonly rates: CostRates
  /** The strictest limit of the policy the last second went beyond. */
  readonly over?: BudgetLevel
}

export interface CostRates {
  readonly calls: number
  readonly bytes: number
  readonly mutations: number
  readonly events: number
}

/** From the mildest to the strictest. */
export const budgetLevels = ['warn', 'throttle', 'quarantine'] as const
export type BudgetLevel = (typeof budgetLevels)[number]

/** What one second may cost. What is left out has no limit. */
export interface Budget extends Partial<CostRates> {
  /** Average milliseconds to a ping's answer. */
  readonly latencyMs?: number
}

export interface Budgets {
  /** Shown in `over`. */
  readonly warn?: Budget
  /** A plugin beyond it is slowed down to `throttledRate` messages a second, for `throttleMs`. */
  readonly throttle?: Budget
  /** Messages per second. 20 by default. */
  readonly throttledRate?: number
  /** 10,000 by default. Each second beyond the budget starts it anew. */
  readonly throttleMs?: number
  /** A plugin beyond it for `patience` seconds in a row is put into quarantine. */
  readonly quarantine?: Budget
  /** Seconds. 5 by default. */
  readonly patience?: number
}

export interface PluginCostsOptions {
  readonly budgets: Budgets
  readonly health: (plugin: string) => { readonly restarts: number; readonly quarantined: boolean }
  /** A plugin has to be slowed down, or not any more. */
  readonly onDidThrottle: (plugin: string, throttled: boolean) => void
  /** A plugin was beyond the budget for quarantine too long. `what` says of what. */
  readonly onDidOverspend: (plugin: string, what: string) => void
}

/** Counts of one plugin, added to by its realms. */
export interface Meter {
  calls: number
  bytes: number
  mutations: number
  events: number
  heard(latencyMs: number): void
}

const tickMs = 1000
/** Weight of the newest answer in the average. */
const newest = 0.3
const defaultPatience = 5
const defaultThrottleMs = 10_000
const rateNames = ['calls', 'bytes', 'mutations', 'events'] as const

class Account implements Meter {
  calls = 0
  bytes = 0
  mutations = 0
  events = 0
  latencyMs = 0
  maxLatencyMs = 0
  /** Whether no ping was answered in this second. */
  silent = true
  secondsOver = 0
  /** Seconds for which it stays slowed down. */
  throttledFor = 0
  last: CostRates = { calls: 0, bytes: 0, mutations: 0, events: 0 }

  heard(latencyMs: number): void {
    this.silent = false
    this.latencyMs = this.latencyMs === 0 ? latencyMs : this.latencyMs + newest * (latencyMs - this.latencyMs)
    this.maxLatencyMs = Math.max(this.maxLatencyMs, latencyMs)
  }

  /** A realm that is gone is not slow for ever. */
  fade(): void {
    if (this.silent) this.latencyMs = this.latencyMs < 1 ? 0 : this.latencyMs * (1 - newest)
    this.silent = true
  }
}

/** Keeps the accounts of all plugins and publishes them once a second. */
export class PluginCosts {
  readonly store: StoreApi<Readonly<Record<string, PluginCost>>> = createStore(() => ({}))
  readonly #options: PluginCostsOptions
  readonly #accounts = new Map<string, Account>()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: PluginCostsOptions) {
    this.#options = options
  }

  /** The account of a plugin. It stays the same when the plugin starts anew. */
  meterOf(plugin: string): Meter {
    let account = this.#accounts.get(plugin)
    if (!account) {
      account = new Account()
      this.#accounts.set(plugin, account)
    }
    this.#timer ??= setInterval(() => this.settle(), tickMs)
    return account
  }

  /** Drops the account of a plugin that is gone. */
  close(plugin: string): void {
    if (this.#accounts.delete(plugin)) this.#publish()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Ends a second: compares it with the budgets and publishes what changed. */
  settle(): void {
    const { budgets, onDidOverspend } = this.#options
    const previous = this.store.getState()
    const overspent: [plugin: string, what: string][] = []
    for (const [plugin, account] of this.#accounts) {
      account.fade()
      this.#throttle(plugin, account)
      const what = beyond(budgets.quarantine, ratesOf(account), account)
      account.secondsOver = what === undefined ? 0 : account.secondsOver + 1
      if (what !== undefined && account.secondsOver >= (budgets.patience ?? defaultPatience)) {
        account.secondsOver = 0
        overspent.push([plugin, what])
      }
    }
    this.#publish(previous)
    for (const [plugin, what] of overspent) onDidOverspend(plugin, what)
  }

  #throttle(plugin: string, account: Account): void {
    const { budgets, onDidThrottle } = this.#options
    const over = beyond(budgets.throttle, ratesOf(account), account) !== undefined
    const before = account.throttledFor > 0
    const seconds = Math.ceil((budgets.throttleMs ?? defaultThrottleMs) / tickMs)
    account.throttledFor = over ? seconds : Math.max(0, account.throttledFor - 1)
    const after = account.throttledFor > 0
    if (before !== after) onDidThrottle(plugin, after)
  }

  /** Whether a plugin is to be slowed down now. */
  isThrottled(plugin: string): boolean {
    return (this.#accounts.get(plugin)?.throttledFor ?? 0) > 0
  }

  #publish(previous = this.store.getState()): void {
    const next: Record<string, PluginCost> = {}
    let changed = Object.keys(previous).length !== this.#accounts.size
    for (const [plugin, account] of this.#accounts) {
      const cost = this.#costOf(plugin, account)
      const known = previous[plugin]
      const same = known !== undefined && JSON.stringify(known) === JSON.stringify(cost)
      next[plugin] = same ? known : cost
      changed ||= !same
      account.last = { ...pick(account) }
    }
    if (changed) this.store.setState(next, true)
  }

  #costOf(plugin: string, account: Account): PluginCost {
    const { budgets, health } = this.#options
    const rates = ratesOf(account)
    const over = budgetLevels.findLast((level) => beyond(budgets[level], rates, account) !== undefined)
    return {
      ...pick(account),
      ...health(plugin),
      throttled: account.throttledFor > 0,
      latencyMs: account.latencyMs,
      maxLatencyMs: account.maxLatencyMs,
      rates,
      ...(over && { over }),
    }
  }
}

function pick({ calls, bytes, mutations, events }: CostRates): CostRates {
  return { calls, bytes, mutations, events }
}

function ratesOf(account: Account): CostRates {
  const { last } = account
  return {
    calls: account.calls - last.calls,
    bytes: account.bytes - last.bytes,
    mutations: account.mutations - last.mutations,
    events: account.events - last.events,
  }
}

/** The first thing that is beyond a budget, in words. */
function beyond(budget: Budget | undefined, rates: CostRates, { latencyMs }: Account): string | undefined {
  if (!budget) return undefined
  for (const name of rateNames) {
    const limit = budget[name]
    if (limit !== undefined && rates[name] > limit) return `more than ${limit} ${name} a second`
  }
  const slow = budget.latencyMs !== undefined && latencyMs > budget.latencyMs
  return slow ? `answers slower than ${budget.latencyMs} ms` : undefined
}
