// What the disk and SQLite leave: a loop that commits as many events at a time, with nothing around it.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readSettings } from '../src/index.ts'

export interface CommitOrder {
  readonly body: string
  readonly inFlight: number
  readonly ms: number
}

const { dataDir } = readSettings(process.env)
const database = new DatabaseSync(join(dataDir, 'bare.sqlite'))
database.exec(`pragma journal_mode = wal; pragma synchronous = full;
  create table event (cursor integer primary key, event_id text unique, event_type text, body text) strict`)
const insert = database.prepare('insert into event (event_id, event_type, body) values (?, ?, ?)')

process.on('message', ({ body, inFlight, ms }: CommitOrder) => {
  const started = performance.now()
  let committed = 0
  while (performance.now() - started < ms) {
    database.exec('begin')
    for (let index = 0; index < inFlight; index++) insert.run(crypto.randomUUID(), 'session.hibernated', body)
    database.exec('commit')
    committed += inFlight
  }
  process.send?.({ perSecond: (committed / (performance.now() - started)) * 1000 })
})
process.send?.({ url: '' })
