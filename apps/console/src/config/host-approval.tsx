import type { PluginRecord } from '@mortise/contract'
import { BuiltInTheme, Button, CodeText } from '@mortise/react/host'
import Globe from 'lucide-react/icons/globe'
import { useEffect, useId, useRef } from 'react'
import { joinWords } from '../approval/words.ts'

interface HostApprovalProps {
  readonly plugin: PluginRecord
  /** Hosts that the configuration names and nobody has approved. */
  readonly hosts: readonly string[]
  readonly busy: boolean
  readonly onApprove: () => void
  readonly onCancel: () => void
}

/** Says where the plugin will be able to send things, and asks whether that is wanted. */
export function HostApproval({ plugin, hosts, busy, onApprove, onCancel }: HostApprovalProps) {
  const title = useId()
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    box.current?.focus()
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <BuiltInTheme>
      <section ref={box} tabIndex={-1} className="c-host-approval" aria-labelledby={title}>
        <Globe aria-hidden="true" />
        <div className="c-host-approval__words">
          <h3 id={title} className="c-strong">
            This plugin will be able to send requests to {joinWords(hosts)}
          </h3>
          <p className="c-muted">
            The configuration names {hosts.length === 1 ? 'this host' : 'these hosts'}. Whatever{' '}
            {plugin.displayName} may read, it can send there.
          </p>
          <ul className="c-host-approval__list">
            {hosts.map((host) => (
              <li key={host}>
                <CodeText>{host}</CodeText>
              </li>
            ))}
          </ul>
          <div className="c-actions">
            <Button disabled={busy} onPress={onCancel}>
              Back
            </Button>
            <Button variant="primary" loading={busy} onPress={onApprove}>
              {hosts.length === 1 ? 'Allow host and save' : `Allow ${hosts.length} hosts and save`}
            </Button>
          </div>
        </div>
      </section>
    </BuiltInTheme>
  )
}
