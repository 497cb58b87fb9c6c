import { Badge, Button, IconButton, Kbd, Notice, Table } from '@mortise/react/host'
import Bell from 'lucide-react/icons/bell'
import Plus from 'lucide-react/icons/plus'
import Search from 'lucide-react/icons/search'
import { ownName } from '../appearance/branding.ts'
import { OwnMark } from '../layout/logo.tsx'
import { places } from '../layout/places.ts'
import { useStudio } from './studio-store.ts'
import { useDraftPicture } from './use-draft-picture.ts'

interface Row {
  readonly name: string
  readonly user: string
  readonly state: 'running' | 'hibernated' | 'failed' | 'starting'
  readonly hours: number
}

const rows: readonly Row[] = [
  { name: 'Design review', user: 'mira', state: 'running', hours: 3.2 },
  { name: 'Nightly build', user: 'jonas', state: 'starting', hours: 0.1 },
  { name: 'Data import', user: 'amara', state: 'failed', hours: 1.4 },
  { name: 'Sketches', user: 'mira', state: 'hibernated', hours: 12 },
]

const tones = { running: 'success', starting: 'info', failed: 'danger', hibernated: 'neutral' } as const
const bars = [46, 62, 38, 80, 55, 71, 90]

/** A page of the console with sample content: a picture that nobody can press. */
export function ConsoleScene() {
  const { name = ownName, logo, mark, navigation = 'side' } = useStudio((state) => state.draft.branding) ?? {}
  const picture = useDraftPicture(logo ?? mark)
  return (
    <div className="s-scene" role="img" aria-label="A page of the console in this theme">
      <div className={`s-scene__inner s-scene__inner--${navigation}`} inert>
        <div className="s-scene__nav">
          <span className="s-scene__brand">
            {picture === undefined ? <OwnMark /> : <img className="c-brand" src={picture} alt="" />}
            <bdi className="c-clip">{name}</bdi>
          </span>
          {places.slice(0, 7).map(({ path, label, icon: Icon }) => (
            <span key={path} className={`c-nav__link${path === '/sessions' ? ' c-nav__link--current' : ''}`}>
              <Icon aria-hidden="true" />
              <span className="c-nav__label">{label}</span>
              {path === '/plugins' && <span className="c-nav__count">2</span>}
            </span>
          ))}
        </div>
        <div className="s-scene__page">
          <div className="s-scene__top">
            <span className="c-top__search">
              <Search />
              <span className="c-top__search-text">Search or run a command</span>
              <Kbd>Ctrl K</Kbd>
            </span>
            <IconButton label="Notices" icon={<Bell />} />
          </div>
          <div className="s-scene__body">
            <div className="s-scene__head">
              <div>
                <div className="s-scene__title">Sessions</div>
                <div className="c-muted">Four people work in twelve sessions. Two wait for you.</div>
              </div>
              <Button variant="primary" icon={<Plus />}>
                New session
              </Button>
            </div>
            <Notice tone="warning" title="One plugin waits for your approval">
              Session chart asks to read session data.
            </Notice>
            <div className="s-scene__stats">
              <Stat label="Running" value="12" note="3 more than yesterday" />
              <div className="m-card s-scene__chart">
                <span className="c-muted">Hours by template</span>
                <span className="s-bars" aria-hidden="true">
                  {bars.map((height, i) => (
                    <i
                      key={height}
                      className={`s-bars__bar s-bars__bar--${(i % 6) + 1}`}
                      style={{ blockSize: `${height}%` }}
                    />
                  ))}
                </span>
              </div>
              <Stat label="Failed" value="1" note="Data import" danger />
            </div>
            <Table<Row>
              label="Sessions"
              rows={rows}
              rowKey={({ name }) => name}
              columns={[
                { id: 'name', header: 'Name', cell: ({ name }) => <span className="c-strong">{name}</span> },
                { id: 'user', header: 'User', cell: ({ user }) => <span className="s-link">{user}</span> },
                {
                  id: 'state',
                  header: 'State',
                  cell: ({ state }) => (
                    <Badge tone={tones[state]} dot>
                      {state}
                    </Badge>
                  ),
                },
                { id: 'hours', header: 'Hours', align: 'end', cell: ({ hours }) => hours.toFixed(1) },
              ]}
            />
          </div>
        </div>
      </div>
    </div>
  )
}

interface StatProps {
  readonly label: string
  readonly value: string
  readonly note: string
  readonly danger?: boolean
}

function Stat({ label, value, note, danger = false }: StatProps) {
  return (
    <div className="m-card s-stat">
      <span className="c-muted">{label}</span>
      <span className={danger ? 's-stat__value s-stat__value--danger' : 's-stat__value'}>{value}</span>
      <span className="s-stat__note">{note}</span>
    </div>
  )
}
