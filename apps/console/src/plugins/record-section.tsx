import type { PluginRecord } from '@mortise/contract'
import type { CallRecord } from '@mortise/host'
import {
  Badge,
  Button,
  Card,
  CodeText,
  EmptyState,
  Notice,
  Section,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import ScrollText from 'lucide-react/icons/scroll-text'
import { useEffect, useState } from 'react'
import { count, size } from '../parts/amounts.ts'
import { Clock } from '../parts/time.tsx'
import { host } from '../state/shell.ts'

const shown = 20
const renewMs = 1000

interface Entry extends CallRecord {
  readonly key: string
}

const sides = { page: 'its page', server: 'its server code' } as const

const columns: readonly TableColumn<Entry>[] = [
  {
    id: 'at',
    header: 'Time',
    width: 'fit',
    secondary: true,
    cell: ({ at }) => <Clock time={new Date(at).toISOString()} />,
  },
  {
    id: 'what',
    header: 'Call or host',
    cell: ({ method, contact }) =>
      contact ? (
        <>
          <span className="c-host">
            <CodeText>{contact.host}</CodeText>
          </span>{' '}
          <span className="c-muted">
            {`by ${sides[contact.side]}${contact.times === 1 ? '' : `, ${count(contact.times)} times`}`}
          </span>
        </>
      ) : (
        <CodeText>{method || 'unknown'}</CodeText>
      ),
  },
  {
    id: 'bytes',
    header: 'Data',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ bytes, contact }) =>
      contact?.side === 'page' ? <span className="c-muted">Not known</span> : size(bytes),
  },
  {
    id: 'took',
    header: 'Took',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ durationMs, contact }) =>
      contact ? <span className="c-muted">–</span> : `${durationMs.toFixed(durationMs < 10 ? 1 : 0)} ms`,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 'fit',
    cell: ({ outcome }) =>
      outcome === 'OK' ? <Badge tone="success">OK</Badge> : <Badge tone="danger">{outcome}</Badge>,
  },
]

/** The newest entries of the page's record, and whether the record is whole. */
export function RecordSection({ plugin }: { readonly plugin: PluginRecord }) {
  const entries = useLatest(plugin.id)
  const [verdict, setVerdict] = useState<'sound' | 'broken' | 'checking'>()
  const verify = async () => {
    setVerdict('checking')
    setVerdict((await host.recorder.verify()).ok ? 'sound' : 'broken')
  }
  return (
    <Section
      title="Record"
      description="The newest calls and contacts, each sealed into the ones after it. Nobody can change one unseen."
      actions={
        <Button size="sm" loading={verdict === 'checking'} onPress={() => void verify()}>
          Verify the record
        </Button>
      }
    >
      {verdict === 'sound' && <Notice tone="success" title="Every record is in its place and unchanged" />}
      {verdict === 'broken' && <Notice tone="danger" title="The record was changed after it was written" />}
      <Card padding="none">
        <Table
          label="Record"
          columns={columns}
          rows={entries}
          rowKey={({ key }) => key}
          empty={
            <EmptyState
              icon={<ScrollText />}
              title="Nothing is written down yet"
              description="Every call of its widgets appears here, and every host it contacts while this page is open."
            />
          }
        />
      </Card>
    </Section>
  )
}

function useLatest(plugin: string): readonly Entry[] {
  const [entries, setEntries] = useState(() => readLatest(plugin))
  useEffect(() => {
    const renew = () => setEntries((before) => keepSame(before, readLatest(plugin)))
    renew()
    const timer = setInterval(renew, renewMs)
    return () => clearInterval(timer)
  }, [plugin])
  return entries
}

function readLatest(plugin: string): readonly Entry[] {
  const times = new Map<string, number>()
  return host.recorder.latest(plugin, shown).map((record) => {
    const name = `${record.at} ${record.method} ${record.contact?.host ?? ''}`
    const nth = (times.get(name) ?? 0) + 1
    times.set(name, nth)
    return { ...record, key: `${name} ${nth}` }
  })
}

function keepSame(before: readonly Entry[], now: readonly Entry[]): readonly Entry[] {
  const isSame = before.length === now.length && before.every(({ key }, index) => key === now[index]?.key)
  return isSame ? before : now
}
