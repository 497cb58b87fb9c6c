import { fdatasync, fstatSync, statSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openDatabase } from '../src/database.ts'
import { GroupCommit } from '../src/group-commit.ts'
import type { Sqlite, SyncFile } from '../src/sqlite.ts'
import { makeDataDir } from './harness.ts'

/** A database file with a table `line`, and how its log is put on disk. */
async function open(syncFile: SyncFile = fdatasync) {
  const folder = await makeDataDir()
  const file = join(folder, 'mortise.db')
  const { database, sqlite } = await openDatabase(file, undefined, syncFile)
  sqlite.exec('create table line (text text not null unique) strict')
  const commits = new GroupCommit(database, sqlite)
  return {
    file,
    database,
    sqlite,
    commits,
    async [Symbol.asyncDispose]() {
      await commits.drain()
      await database.destroy()
      await rm(folder, { recursive: true })
    },
  }
}

const add = (text: string) => (sqlite: Sqlite) => sqlite.run('insert into line values (?)', [text]).rows

/** The lines of a database file. */
function linesOf(file: string): unknown[] {
  const database = new DatabaseSync(file)
  try {
    return database
      .prepare('select text from line order by rowid')
      .all()
      .map(({ text }) => text)
  } finally {
    database.close()
  }
}

/** Holds every sync until it is let go. */
function heldSyncs() {
  const held: ((error: Error | null) => void)[] = []
  const syncFile: SyncFile = (_descriptor, done) => held.push(done)
  const arrived = (count: number) => expect.poll(() => held.length).toBe(count)
  return { syncFile, held, arrived }
}

it('puts the log of the database on disk before anybody is answered', async () => {
  const synced: { inode: number; bytes: number }[] = []
  await using room = await open((descriptor, done) => {
    const { ino: inode, size: bytes } = fstatSync(descriptor)
    synced.push({ inode, bytes })
    fdatasync(descriptor, done)
  })
  await room.commits.run(add('one'))
  const log = statSync(`${room.file}-wal`)
  expect(synced).toEqual([{ inode: log.ino, bytes: log.size }])
  // Everything else on this connection syncs by itself.
  expect(room.sqlite.forQueries().prepare('pragma synchronous').all([])).toEqual([{ synchronous: 2 }])
})

it('answers nobody while the disk works', async () => {
  const { syncFile, held, arrived } = heldSyncs()
  await using room = await open(syncFile)
  const heard: string[] = []
  const answer = room.commits
    .run(add('one'), () => heard.push('committed'))
    .then(() => heard.push('answered'))
  await arrived(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(heard).toEqual([])
  held[0]?.(null)
  await answer
  expect(heard).toEqual(['committed', 'answered'])
})

it('shares the next commit among all who come meanwhile, and keeps the order when a later sync ends first', async () => {
  const { syncFile, held, arrived } = heldSyncs()
  await using room = await open(syncFile)
  const heard: string[] = []
  const run = (text: string) => room.commits.run(add(text), () => heard.push(text))
  const answers = [run('one')]
  await arrived(1)
  answers.push(run('two'), run('three'))
  await arrived(2)
  answers.push(run('four'))
  held[1]?.(null)
  await new Promise((resolve) => setTimeout(resolve, 50))
  // No more than two are with the disk at a time.
  expect({ heard, syncs: held.length }).toEqual({ heard: [], syncs: 2 })
  held[0]?.(null)
  await arrived(3)
  expect(heard).toEqual(['one', 'two', 'three'])
  const synced = room.commits.synced().then(() => heard.push('synced'))
  held[2]?.(null)
  await Promise.all([...answers, synced])
  expect(heard).toEqual(['one', 'two', 'three', 'four', 'synced'])
})

it('undoes what a caller did that failed, and nothing of its neighbors', async () => {
  await using room = await open()
  const { commits } = room
  const fails = commits.run((sqlite) => {
    add('undone')(sqlite)
    throw new Error('on purpose')
  })
  const results = await Promise.allSettled([
    commits.run(add('one')),
    fails,
    commits.run(add('one')),
    commits.run(add('two')),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  const rows = await room.database
    .connection()
    .execute(async () => room.sqlite.forQueries().prepare('select text from line').all([]))
  expect(rows).toEqual([{ text: 'one' }, { text: 'two' }])
})

it('writes into the database file itself what the log could not take', async () => {
  let failures = 1
  await using room = await open((descriptor, done) => {
    if (failures-- > 0) done(new Error('EIO'))
    else fdatasync(descriptor, done)
  })
  await room.commits.run(add('saved'))
  await room.commits.run(add('in the log'))
  // Without its log, as after a power cut that took the log.
  const copy = `${room.file}.copy`
  await copyFile(room.file, copy)
  expect(linesOf(copy)).toEqual(['saved'])
})

it('says no when neither can be written, and does not trust the log until the file is', async () => {
  const { syncFile, held, arrived } = heldSyncs()
  await using room = await open(syncFile)
  const refused = room.commits.run(add('refused'))
  await arrived(1)
  const transaction = room.database.transaction().execute(async () => {
    add('meanwhile')(room.sqlite)
    held[0]?.(new Error('EIO'))
    // Nothing goes into the file while a transaction is open.
    await expect(refused).rejects.toThrow(/locked/)
  })
  await transaction
  const kept = room.commits.run(add('kept'))
  await arrived(2)
  held[1]?.(null)
  await kept
  const copy = `${room.file}.copy`
  await copyFile(room.file, copy)
  expect(linesOf(copy)).toEqual(['refused', 'meanwhile', 'kept'])
})
