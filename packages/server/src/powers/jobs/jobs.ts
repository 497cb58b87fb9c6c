import { type ErrorRecord, type JobRecord, MortiseError, toErrorRecord } from '@mortise/contract'
import type { FastifyInstance } from 'fastify'
import type { Selectable } from 'kysely'
import type { Database } from '../../database.ts'
import type { Tables } from '../../tables.ts'
import { callingPlugin } from '../calling-plugin.ts'
import type { Power } from '../power.ts'
import { readSchedule } from './schedule.ts'

/** Jobs one plugin may have. */
export const mostJobs = 32
/** How often the clock is read, in milliseconds. No schedule is finer than a minute. */
const tickMs = 1000
/** How long the end of the server waits for work under way, in milliseconds. */
const closeMs = 2000

type JobRow = Selectable<Tables['mortise_job']>

export interface JobsOptions {
  readonly database: Database
  readonly now: () => Date
  /** Jobs that the manifest of an installed plugin declares. @throws `PLUGIN_NOT_FOUND`. */
  declared(plugin: string): readonly {
    readonly name: string
    readonly schedule: string
    readonly description?: string | undefined
  }[]
  /** Whether the plugin runs and may have scheduled work. */
  mayRun(plugin: string): boolean
  /** Does the work, in turn with the plugin's other calls. */
  run(plugin: string, job: string, info: JobRun): Promise<unknown>
  /** Writes to the plugin's log. */
  warn(plugin: string, message: string): void
  /** The error without the plugin's secrets. */
  scrub(plugin: string, error: ErrorRecord): ErrorRecord
}

/** What a job is told. */
export interface JobRun {
  readonly name: string
  /** When it was to run, ISO 8601. Long ago where runs were missed: one run makes up for all of them. */
  readonly dueAt: string
}

/**
 * Work at set times. A job never overlaps itself, and what was missed while the
 * server was down or the plugin was off is made up by one run.
 */
export class Jobs implements Power {
  readonly #options: JobsOptions
  readonly #jobs = new Map<string, JobRow>()
  readonly #busy = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #isClosing = false

  constructor(options: JobsOptions) {
    this.#options = options
  }

  readonly providers = {
    scheduler: {
      schedule: (context, name: string, schedule: string) =>
        this.#schedule(callingPlugin(context), { name, schedule, description: '', origin: 'plugin' }),
      cancel: (context, name: string) => this.#cancel(callingPlugin(context), name),
      list: (context) =>
        this.#of(callingPlugin(context)).map(({ name, schedule, next_at }) => ({
          name,
          schedule,
          nextAt: isoOrNull(next_at),
        })),
    },
  } satisfies Power['providers']

  async open(): Promise<void> {
    const rows = await this.#options.database.selectFrom('mortise_job').selectAll().execute()
    for (const row of rows) this.#jobs.set(keyOf(row.plugin, row.name), row)
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickMs)
    this.#timer.unref()
  }

  /** Brings the jobs of the manifest in line with it. What the plugin scheduled itself goes first. */
  async didLoad(plugin: string): Promise<void> {
    const declared = this.#options.declared(plugin)
    if (declared.length > 0 && !this.#options.mayRun(plugin)) {
      this.#options.warn(plugin, "Its jobs do not run: it was not granted 'scheduler'.")
    }
    for (const row of this.#of(plugin)) {
      const isGone = row.origin === 'manifest' && !declared.some(({ name }) => name === row.name)
      if (isGone) await this.#cancel(plugin, row.name)
    }
    for (const { name, schedule, description = '' } of declared) {
      const before = this.#jobs.get(keyOf(plugin, name))
      if (before?.origin === 'plugin') continue
      if (before?.schedule === schedule && before.description === description) continue
      try {
        await this.#schedule(plugin, { name, schedule, description, origin: 'manifest' })
      } catch (thrown) {
        this.#options.warn(plugin, `The job '${name}' is not scheduled: ${toErrorRecord(thrown).message}`)
      }
    }
  }

  /** Rows are gone with the plugin's own row. */
  forget(plugin: string): void {
    for (const { name } of this.#of(plugin)) this.#jobs.delete(keyOf(plugin, name))
  }

  /** Lets short work end. What the end of the server cuts off stays due, and runs at the next start. */
  async close(): Promise<void> {
    this.#isClosing = true
    clearInterval(this.#timer)
    await Promise.race([
      Promise.all(this.#busy.values()),
      new Promise((resolve) => setTimeout(resolve, closeMs).unref()),
    ])
  }

  list(plugin: string): JobRecord[] {
    return this.#of(plugin).map((row) => ({
      name: row.name,
      schedule: row.schedule,
      description: row.description,
      origin: row.origin,
      running: this.#busy.has(keyOf(plugin, row.name)),
      nextAt: isoOrNull(row.next_at),
      lastAt: row.last_at,
      lastMs: row.last_ms,
      lastError: row.last_error === null ? null : (JSON.parse(row.last_error) as ErrorRecord),
      runs: row.runs,
      failures: row.failures,
    }))
  }

  route(app: FastifyInstance): void {
    type ById = { Params: { id: string } }
    app.get<ById>('/api/v1/plugins/:id/jobs', async ({ params: { id } }) => {
      this.#options.declared(id)
      return { jobs: this.list(id) }
    })
    app.post<{ Params: { id: string; job: string } }>(
      '/api/v1/plugins/:id/jobs/:job/run',
      async ({ params: { id, job } }) => {
        this.#options.declared(id)
        await this.runNow(id, job)
        return { jobs: this.list(id) }
      },
    )
  }

  /** Runs a job once, beside its schedule. @throws `NOT_FOUND`, `CONFLICT` while it runs, `PLUGIN_NOT_RUNNING`. */
  async runNow(plugin: string, name: string): Promise<void> {
    const row = this.#jobs.get(keyOf(plugin, name))
    if (!row) throw new MortiseError('NOT_FOUND', `${plugin} has no job '${name.slice(0, 64)}'.`)
    if (!this.#options.mayRun(plugin)) {
      throw new MortiseError('PLUGIN_NOT_RUNNING', `${plugin} does not run, or was not granted 'scheduler'.`)
    }
    if (this.#busy.has(keyOf(plugin, name))) {
      throw new MortiseError('CONFLICT', `The job '${name}' of ${plugin} runs already.`)
    }
    await this.#run(row, this.#options.now())
  }

  #tick(): void {
    const now = this.#options.now()
    for (const [key, row] of this.#jobs) {
      if (row.next_at === null || row.next_at > now.getTime()) continue
      if (!this.#busy.has(key) && this.#options.mayRun(row.plugin)) void this.#run(row, new Date(row.next_at))
    }
  }

  #run(row: JobRow, due: Date): Promise<void> {
    const key = keyOf(row.plugin, row.name)
    const work = this.#work(row, due)
      .catch((thrown) =>
        this.#options.warn(
          row.plugin,
          `The job '${row.name}' was not noted: ${toErrorRecord(thrown).message}`,
        ),
      )
      .finally(() => this.#busy.delete(key))
    this.#busy.set(key, work)
    return work
  }

  async #work({ plugin, name }: JobRow, due: Date): Promise<void> {
    const { now, run, warn, scrub } = this.#options
    const start = now()
    const clock = performance.now()
    let error: ErrorRecord | undefined
    try {
      await run(plugin, name, { name, dueAt: due.toISOString() })
    } catch (thrown) {
      if (this.#isClosing) return
      error = scrub(plugin, toErrorRecord(thrown))
      warn(plugin, `The job '${name}' failed: ${error.message}`)
    }
    // It may have been changed, or cancelled, by the plugin in the meantime.
    const row = this.#jobs.get(keyOf(plugin, name))
    if (!row) return
    const schedule = readSchedule(row.schedule)
    const isRescheduled = row.next_at !== null && row.next_at > due.getTime() && row.next_at > start.getTime()
    if (schedule.once && !isRescheduled) {
      await this.#cancel(plugin, name)
      return
    }
    await this.#save({
      ...row,
      next_at: isRescheduled ? row.next_at : (schedule.next(now())?.getTime() ?? null),
      last_at: start.toISOString(),
      last_ms: Math.round(performance.now() - clock),
      last_error: error ? JSON.stringify(error) : null,
      runs: row.runs + 1,
      failures: row.failures + (error ? 1 : 0),
    })
  }

  async #schedule(
    plugin: string,
    job: Pick<JobRow, 'name' | 'schedule' | 'description' | 'origin'>,
  ): Promise<{ name: string; schedule: string; nextAt: string | null }> {
    const before = this.#jobs.get(keyOf(plugin, job.name))
    if (!before && this.#of(plugin).length >= mostJobs) {
      throw new MortiseError('CONFLICT', `${plugin} has ${mostJobs} jobs, the most a plugin may have.`)
    }
    const schedule = readSchedule(job.schedule)
    // Said again at each start, the same schedule goes on: a run that was missed is still to be made up.
    const next =
      before?.schedule === job.schedule && before.next_at !== null
        ? before.next_at
        : (schedule.next(this.#options.now())?.getTime() ?? null)
    const never = { last_at: null, last_ms: null, last_error: null, runs: 0, failures: 0 }
    await this.#save({ ...never, ...before, ...job, plugin, next_at: next })
    return { name: job.name, schedule: job.schedule, nextAt: isoOrNull(next) }
  }

  async #save(row: JobRow): Promise<void> {
    this.#jobs.set(keyOf(row.plugin, row.name), row)
    await this.#options.database
      .insertInto('mortise_job')
      .values(row)
      .onConflict((conflict) => conflict.columns(['plugin', 'name']).doUpdateSet(row))
      .execute()
  }

  async #cancel(plugin: string, name: string): Promise<void> {
    this.#jobs.delete(keyOf(plugin, name))
    await this.#options.database
      .deleteFrom('mortise_job')
      .where('plugin', '=', plugin)
      .where('name', '=', name)
      .execute()
  }

  #of(plugin: string): JobRow[] {
    return [...this.#jobs.values()]
      .filter((row) => row.plugin === plugin)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

/** Neither part can hold a space. */
function keyOf(plugin: string, name: string): string {
  return `${plugin} ${name}`
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
