import type { PluginRecord } from '@mortise/contract'
import { Badge, Button, EmptyState, type Tone } from '@mortise/react/host'
import RotateCw from 'lucide-react/icons/rotate-cw'
import ScrollText from 'lucide-react/icons/scroll-text'
import { pluginsApi } from '../api/plugins.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { Clock } from '../parts/time.tsx'
import { useQuery } from '../state/query.ts'

const tones: Readonly<Record<string, Tone>> = {
  warn: 'warning',
  error: 'danger',
  fatal: 'danger',
}

/** What a plugin wrote about itself. The words are its own. */
export function LogsTab({ plugin }: { readonly plugin: PluginRecord }) {
  const { data, error, loading, reload } = useQuery(`logs ${plugin.id}`, () => pluginsApi.logs(plugin.id))
  return (
    <div className="c-stack">
      <div className="c-toolbar">
        <p className="c-muted c-toolbar__text">Written by the plugin, newest first.</p>
        <Button size="sm" icon={<RotateCw />} loading={loading && data !== undefined} onPress={reload}>
          Refresh
        </Button>
      </div>
      {error !== undefined && (
        <ErrorNotice
          title={`The log of ${plugin.displayName} could not be read`}
          error={error}
          onRetry={reload}
        />
      )}
      {!data ? (
        error === undefined && <TableSkeleton rows={6} />
      ) : data.length === 0 ? (
        <EmptyState
          icon={<ScrollText />}
          title="The log is empty"
          description="Lines appear here when the plugin writes some, or fails."
        />
      ) : (
        <ol className="c-log" aria-label="Log lines">
          {data.map((line, index) => (
            <li key={`${line.timestamp} ${index}`} className="c-log__line">
              <span className="c-event__time">
                <Clock time={line.timestamp} />
              </span>
              <span className="c-log__level">
                <Badge tone={tones[line.level.toLowerCase()] ?? 'neutral'}>{line.level.toLowerCase()}</Badge>
              </span>
              <span className="c-log__message">
                <bdi>{line.message}</bdi>
                {line.data !== undefined && line.data !== null && (
                  <span className="c-log__data">{JSON.stringify(line.data)}</span>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
