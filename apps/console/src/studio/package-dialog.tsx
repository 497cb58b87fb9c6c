import { Button, CodeText, Dialog, Notice, TextField } from '@mortise/react/host'
import Download from 'lucide-react/icons/download'
import PackagePlus from 'lucide-react/icons/package-plus'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { themeApi } from '../api/plugins.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { useInstall } from '../plugins/install.ts'
import { useIsAdmin } from '../state/person.ts'
import { useQuery } from '../state/query.ts'
import { changeTheme, host, themeKey } from '../state/shell.ts'
import { endTrial, useTrial } from '../state/trial.ts'
import { versionPattern } from './draft.ts'
import { download } from './export-theme.ts'
import { nextVersion, packageTheme, pluginName, themeId } from './package-theme.ts'
import { change, useStudio } from './studio-store.ts'
import type { StudioTheme } from './use-theme.ts'

interface PackageDialogProps {
  readonly studio: StudioTheme
  readonly onClose: () => void
}

/** The draft as a theme plugin: to download, to install here, and to use. */
export function PackageDialog({ studio: { gate }, onClose }: PackageDialogProps) {
  const draft = useStudio((state) => state.draft)
  const id = pluginName(draft.name)
  const installed = useStore(host.store, ({ plugins }) => plugins.find((plugin) => plugin.id === id))
  const { data: theme } = useQuery(themeKey, themeApi.read)
  const install = useInstall()
  const mayInstall = useIsAdmin()
  const file = useMemo(() => packageTheme(draft), [draft])
  const valid = versionPattern.test(draft.version)
  const same = installed?.version === draft.version
  const used = theme?.theme?.plugin === id
  const use = async () => {
    if (useTrial.getState().wearing !== undefined) await endTrial()
    await changeTheme({ theme: { plugin: id, id: themeId(draft.name) } })
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Package the theme"
      description="A theme plugin: token files and a manifest, no code."
      footer={
        <>
          <Button icon={<Download />} disabled={!valid} onPress={() => download(file.name, file)}>
            Download
          </Button>
          {same && installed.status === 'active' ? (
            <Button variant="primary" disabled={used} onPress={() => void use()}>
              {used ? 'In use' : 'Use it'}
            </Button>
          ) : (
            mayInstall && (
              <Button
                variant="primary"
                icon={<PackagePlus />}
                disabled={!valid || same}
                loading={install.busy !== undefined}
                onPress={() => void install.byFile(file)}
              >
                {installed && !same ? 'Update here' : 'Install here'}
              </Button>
            )
          )}
        </>
      }
    >
      <div className="c-form">
        <TextField
          label="Name"
          value={draft.name}
          onChange={(name) => name.length <= 80 && name !== '' && change({ ...draft, name }, 'name')}
        />
        <TextField
          label="Version"
          mono
          value={draft.version}
          error={valid ? undefined : 'Three numbers, such as 1.0.0'}
          onChange={(version) => version.length <= 20 && change({ ...draft, version }, 'version')}
        />
        {installed && (
          <Notice
            tone={same ? 'success' : 'info'}
            title={
              same
                ? `${installed.displayName} ${installed.version} is installed`
                : `${installed.displayName} ${installed.version} is installed, this is ${draft.version}`
            }
            actions={
              same && (
                <Button size="sm" onPress={() => change({ ...draft, version: nextVersion(draft.version) })}>
                  Make this version {nextVersion(draft.version)}
                </Button>
              )
            }
          >
            {same ? 'To install what you changed since, give it a new version.' : 'Installing replaces it.'}
          </Notice>
        )}
        {!gate.passes && (
          <Notice
            tone="warning"
            title={`${gate.failures.length} ${gate.failures.length === 1 ? 'pair is' : 'pairs are'} hard to read`}
            actions={
              <Button
                size="sm"
                onPress={() => {
                  useStudio.setState({ tab: 'contrast', pane: 'details' })
                  onClose()
                }}
              >
                Look at them
              </Button>
            }
          >
            It installs all the same. People who choose it will find some parts hard to read.
          </Notice>
        )}
        {install.failure && (
          <ErrorNotice title={`${install.failure.what} was not installed`} error={install.failure.error} />
        )}
        {!mayInstall && <p className="c-muted">An administrator installs it.</p>}
        <p className="c-muted">
          <CodeText>{file.name}</CodeText> {(file.size / 1024).toFixed(1)} kB
        </p>
      </div>
    </Dialog>
  )
}
