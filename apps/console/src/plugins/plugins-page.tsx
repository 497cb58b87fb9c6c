import { Button, PageHeader, Tabs } from '@mortise/react/host'
import Upload from 'lucide-react/icons/upload'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import { useLocation, useSearch } from 'wouter'
import { useStore } from 'zustand'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { usePageTitle } from '../parts/page.tsx'
import { host } from '../state/shell.ts'
import { CatalogList } from './catalog-list.tsx'
import { CostList } from './cost-list.tsx'
import { useInstall } from './install.ts'
import { InstalledList } from './installed-list.tsx'
import { useFileDrop } from './use-file-drop.ts'

/** What is installed, what could be, and a place to drop a package. */
export function PluginsPage() {
  usePageTitle('Plugins')
  const [, navigate] = useLocation()
  const asked = new URLSearchParams(useSearch()).get('tab')
  const tab = asked === 'catalog' || asked === 'cost' ? asked : 'installed'
  const count = useStore(host.store, ({ plugins, ready }) => (ready ? plugins.length : undefined))
  const install = useInstall()
  const { over, drop } = useFileDrop(([file]) => file && void install.byFile(file))
  const show = (id: string) => navigate(id === 'installed' ? '/plugins' : `/plugins?tab=${id}`)
  return (
    <div className={over ? 'c-page c-drop c-drop--over' : 'c-page c-drop'} {...drop}>
      <PageHeader
        title="Plugins"
        description="Each runs in its own sandbox, with only the permissions you give it."
        actions={
          <FileTrigger
            acceptedFileTypes={['.mortise', '.zip', 'application/zip']}
            onSelect={(files) => files?.[0] && void install.byFile(files[0])}
          >
            <Button icon={<Upload />} loading={install.busy !== undefined}>
              Upload package
            </Button>
          </FileTrigger>
        }
      />
      {install.failure && (
        <ErrorNotice title={`${install.failure.what} was not installed`} error={install.failure.error} />
      )}
      <Tabs
        label="Plugins"
        selected={tab}
        onChange={show}
        items={[
          {
            id: 'installed',
            label: 'Installed',
            ...(count === undefined ? {} : { count }),
            content: <InstalledList onBrowse={() => show('catalog')} />,
          },
          {
            id: 'catalog',
            label: 'Catalog',
            content: <CatalogList busy={install.busy} onInstall={(name) => void install.byName(name)} />,
          },
          { id: 'cost', label: 'Performance', content: <CostList /> },
        ]}
      />
      <div className="c-drop__hint" aria-hidden="true">
        <Upload /> Drop the package to install it
      </div>
    </div>
  )
}
