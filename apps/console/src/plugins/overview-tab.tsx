import type { PluginRecord } from '@mortise/contract'
import { Button, CodeText, Section, Tag } from '@mortise/react/host'
import type { ReactNode } from 'react'
import { whereItRuns } from '../approval/words.ts'
import { Details } from '../parts/details.tsx'
import { typeWord } from '../parts/status.tsx'
import { FullTime } from '../parts/time.tsx'
import { changeTheme } from '../state/shell.ts'

/** What a plugin is, where it came from, and what it adds. */
export function OverviewTab({ plugin }: { readonly plugin: PluginRecord }) {
  const widgets = plugin.ui?.widgets ?? []
  return (
    <div className="c-columns">
      <Section title="About" description={whereItRuns(plugin)}>
        <Details items={facts(plugin)} />
      </Section>
      <div className="c-stack">
        {widgets.length > 0 && (
          <Section title="Widgets" description="Where it appears in the console.">
            <ul className="c-plain-list">
              {widgets.map((widget) => (
                <li key={widget.id}>
                  <span className="c-strong">{widget.title}</span>
                  <CodeText>{widget.slot}</CodeText>
                </li>
              ))}
            </ul>
          </Section>
        )}
        {plugin.themes.length > 0 && (
          <Section title="Themes" description="Repaint the console and every widget.">
            <ul className="c-plain-list">
              {plugin.themes.map((theme) => (
                <li key={theme.id}>
                  <span className="c-strong">{theme.label}</span>
                  <Button
                    size="sm"
                    label={`Use theme ${theme.label}`}
                    disabled={plugin.status !== 'active'}
                    onPress={() => void changeTheme({ theme: { plugin: plugin.id, id: theme.id } })}
                  >
                    Use
                  </Button>
                </li>
              ))}
            </ul>
          </Section>
        )}
        {plugin.hasServerCode && (
          <Section
            title="Server code"
            description="Receives events in an isolate, apart from every other plugin."
          >
            <p className="c-muted">
              {plugin.strikes === 0
                ? 'It has not failed since it was started.'
                : `It has failed ${plugin.strikes} ${plugin.strikes === 1 ? 'time' : 'times'}.`}
            </p>
          </Section>
        )}
      </div>
    </div>
  )
}

function facts(plugin: PluginRecord): readonly (readonly [string, ReactNode])[] {
  return [
    ['Type', typeWord(plugin.pluginType)],
    ['Version', <Tag key="version">{plugin.version}</Tag>],
    ...(plugin.previousVersion === undefined
      ? []
      : [['Version before', <Tag key="previous">{plugin.previousVersion}</Tag>] as const]),
    ...(plugin.ui ? [['Shared code', plugin.ui.sharing.sentence] as const] : []),
    ['Author', plugin.author],
    ['License', plugin.license ?? 'None given'],
    ['Source', plugin.source],
    ['Signature', 'Not signed'],
    ['Installed by', plugin.installedBy],
    ['Installed', <FullTime key="installed" time={plugin.installedAt} />],
    ['Updated', <FullTime key="updated" time={plugin.updatedAt} />],
    ['Id', <CodeText key="id">{plugin.id}</CodeText>],
  ]
}
