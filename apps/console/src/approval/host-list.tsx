import type { HostState } from '@mortise/contract'
import { BuiltInTheme, CodeText, Switch } from '@mortise/react/host'
import Globe from 'lucide-react/icons/globe'
import type { ReactNode } from 'react'

interface HostListProps {
  readonly hosts: readonly HostState[]
  readonly allowed: ReadonlySet<string>
  readonly disabled?: boolean
  readonly onChange: (host: string, allowed: boolean) => void
  readonly note?: (host: HostState) => ReactNode
}

const origins: Readonly<Record<HostState['origin'], string>> = {
  manifest: 'Named by the plugin',
  config: 'Named in its configuration',
}

/** Hosts a plugin may send requests to, each with its own switch. */
export function HostList({ hosts, allowed, disabled, onChange, note }: HostListProps) {
  return (
    <BuiltInTheme>
      <ul className="c-hosts">
        {hosts.map((each) => {
          const isAllowed = allowed.has(each.host)
          return (
            <li key={each.host} className={isAllowed ? 'c-permission' : 'c-permission c-permission--denied'}>
              <Globe className="c-permission__icon" aria-hidden="true" />
              <div className="c-permission__words">
                <div className="c-permission__sentence">
                  <CodeText>{each.host}</CodeText>
                </div>
                <div className="c-permission__facts">
                  <span>{origins[each.origin]}</span>
                  {note?.(each)}
                </div>
              </div>
              <span className="c-permission__state" aria-hidden="true">
                {isAllowed ? 'Allow' : 'Deny'}
              </span>
              <Switch
                label={`Allow requests to ${each.host}`}
                hideLabel
                checked={isAllowed}
                disabled={disabled}
                onChange={(checked) => onChange(each.host, checked)}
              />
            </li>
          )
        })}
      </ul>
    </BuiltInTheme>
  )
}
