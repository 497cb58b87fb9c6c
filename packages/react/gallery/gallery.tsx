import Play from 'lucide-react/icons/play'
import Plus from 'lucide-react/icons/plus'
import Puzzle from 'lucide-react/icons/puzzle'
import Settings from 'lucide-react/icons/settings'
import Trash from 'lucide-react/icons/trash-2'
import { type ReactNode, useState } from 'react'
import {
  Badge,
  Button,
  Card,
  Checkbox,
  CodeText,
  ConfirmDialog,
  createToasts,
  Dialog,
  EmptyState,
  IconButton,
  Kbd,
  Menu,
  Notice,
  NumberField,
  OutboundLink,
  PageHeader,
  PluginIcon,
  Progress,
  RiskBadge,
  SearchField,
  Section,
  Select,
  Skeleton,
  Switch,
  Tabs,
  Tag,
  TextArea,
  TextField,
  ToastRegion,
} from '../src/host/index.ts'
import { long } from './long.ts'
import { SlotStates } from './slot-states.tsx'
import { TableStates } from './table-states.tsx'

const toasts = createToasts()
const tones = ['neutral', 'accent', 'success', 'warning', 'danger', 'info'] as const

const root = document.documentElement

/** Every component in every state, on one page. */
export function Gallery() {
  return (
    <main className="gallery">
      <PageHeader
        icon={<PluginIcon id="gallery" name="Component gallery" size="lg" />}
        title="Component gallery"
        status={
          <Badge tone="success" dot>
            Active
          </Badge>
        }
        description="Every component in every state, for looking. Nothing here talks to a server."
        breadcrumb={[{ label: 'Packages', href: '#' }, { label: 'react', href: '#' }, { label: 'Gallery' }]}
        actions={<Appearance />}
      />
      <Section title="Slots" description="Each widget in a frame that says whose it is.">
        <SlotStates />
      </Section>
      <Section title="Table">
        <TableStates />
      </Section>
      <Buttons />
      <Section title="Badges and tags">
        <Row>
          {tones.map((tone) => (
            <Badge key={tone} tone={tone} dot>
              {tone}
            </Badge>
          ))}
        </Row>
        <Row>
          <RiskBadge risk="low" />
          <RiskBadge risk="medium" />
          <RiskBadge risk="high" />
          <Tag icon={<Puzzle />}>extension</Tag>
          <Tag>v1.4.0</Tag>
          <Kbd>⌘</Kbd>
          <Kbd>K</Kbd>
          <CodeText>PLUGIN_LOAD_FAILED</CodeText>
          <OutboundLink href="https://docs.example.com/plugins?x=1">Documentation</OutboundLink>
        </Row>
        <Row>
          {['Session list', 'Slack notifications', 'Chart', 'دردشة', 'GitHub sync', 'nord theme'].map(
            (name) => (
              <PluginIcon key={name} id={name} name={name} size="md" />
            ),
          )}
        </Row>
      </Section>
      <Fields />
      <Feedback />
      <Overlays />
      <ToastRegion toasts={toasts} />
    </main>
  )
}

function Row({ children }: { readonly children: ReactNode }) {
  return <div className="gallery__row">{children}</div>
}

function Appearance() {
  const [mode, setMode] = useState(root.dataset.mode ?? 'light')
  return (
    <>
      <Select
        label="Mode"
        hideLabel
        size="sm"
        value={mode}
        options={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
        onChange={(next) => {
          root.dataset.mode = next
          setMode(next)
        }}
      />
      <Button size="sm" onPress={() => toggle('contrast', 'more')}>
        Contrast
      </Button>
      <Button size="sm" onPress={() => toggle('density', 'compact')}>
        Density
      </Button>
      <Button size="sm" onPress={() => (root.dir = root.dir === 'rtl' ? 'ltr' : 'rtl')}>
        Direction
      </Button>
    </>
  )
}

function toggle(name: string, value: string) {
  if (root.dataset[name] === value) delete root.dataset[name]
  else root.dataset[name] = value
}

function Buttons() {
  const variants = ['primary', 'secondary', 'ghost', 'danger'] as const
  return (
    <Section title="Buttons">
      <Row>
        {variants.map((variant) => (
          <Button key={variant} variant={variant}>
            {variant[0]?.toUpperCase() + variant.slice(1)}
          </Button>
        ))}
        <Button variant="primary" icon={<Plus />}>
          New session
        </Button>
        <Button loading>Saving</Button>
        <Button variant="primary" loading>
          Installing
        </Button>
        <Button disabled>Disabled</Button>
        <IconButton label="Settings" icon={<Settings />} />
        <IconButton label="Delete" icon={<Trash />} variant="secondary" />
      </Row>
      <Row>
        {variants.map((variant) => (
          <Button key={variant} size="sm" variant={variant} icon={<Play />}>
            {variant[0]?.toUpperCase() + variant.slice(1)}
          </Button>
        ))}
        <Button size="sm" loading>
          Saving
        </Button>
        <IconButton size="sm" label="Settings" icon={<Settings />} />
      </Row>
    </Section>
  )
}

function Fields() {
  const [search, setSearch] = useState('')
  return (
    <Section title="Fields">
      <div className="gallery__grid">
        <TextField
          label="Name"
          placeholder="my-session"
          description="Lower-case letters, digits and dashes."
        />
        <TextField
          label="Webhook URL"
          required
          defaultValue="http:/hooks"
          mono
          error="Is not an address. Start it with https://."
        />
        <TextField label="Disabled" disabled defaultValue="Cannot be changed" />
        <Select
          label="Template"
          defaultValue="ubuntu"
          options={[
            { value: 'ubuntu', label: 'Ubuntu desktop' },
            { value: 'vscode', label: 'VS Code' },
            { value: 'long', label: long },
          ]}
        />
        <NumberField label="Idle minutes" defaultValue={30} min={0} max={600} />
        <SearchField label="Search plugins" value={search} onChange={setSearch} hint={<Kbd>/</Kbd>} />
        <TextArea label="Description" placeholder="What is it for?" />
        <div>
          <Switch
            label="Notify on create"
            description="Sends a message for every new session."
            defaultChecked
          />
          <br />
          <Switch label="Notify on end" />
          <br />
          <Switch label="Not available" disabled />
        </div>
        <div>
          <Checkbox label="Read sessions" defaultChecked />
          <br />
          <Checkbox label="Change sessions" description="Can hibernate and wake sessions of everybody." />
          <br />
          <Checkbox label="Some of them" indeterminate />
          <br />
          <Checkbox label="Not available" disabled />
        </div>
      </div>
    </Section>
  )
}

function Feedback() {
  return (
    <Section title="Feedback">
      <div className="gallery__grid">
        {tones.map((tone) => (
          <Notice key={tone} tone={tone} title={`A notice of tone ${tone}`}>
            The host was not approved yet. Approve it when you save.
          </Notice>
        ))}
        <Notice tone="warning" title={long} actions={<Button size="sm">Review</Button>} />
        <Progress label="Installing" value={0.42} />
        <Progress label="Loading sessions" />
        <Card>
          <Skeleton width={80} />
          <br />
          <Skeleton width={40} />
        </Card>
      </div>
      <Card padding="none">
        <EmptyState
          icon={<Puzzle />}
          title="No plugins installed"
          description="Plugins add widgets, notifications and themes. Start with one from the catalog."
        >
          <Button variant="primary">Browse the catalog</Button>
          <Button>Upload a package</Button>
        </EmptyState>
      </Card>
      <Tabs
        label="Plugin"
        items={[
          { id: 'overview', label: 'Overview', content: <Card>Overview</Card> },
          { id: 'permissions', label: 'Permissions', count: 4, content: <Card>Permissions</Card> },
          { id: 'logs', label: 'Logs', content: <Card>Logs</Card> },
        ]}
      />
    </Section>
  )
}

function Overlays() {
  const [open, setOpen] = useState<'dialog' | 'panel' | 'confirm'>()
  const close = (next: boolean) => !next && setOpen(undefined)
  return (
    <Section title="Overlays">
      <Row>
        <Button onPress={() => setOpen('dialog')}>Open dialog</Button>
        <Button onPress={() => setOpen('panel')}>Open panel</Button>
        <Button onPress={() => setOpen('confirm')}>Open question</Button>
        <Menu
          label="Session"
          trigger={<Button>Open menu</Button>}
          items={[
            { id: 'wake', label: 'Wake', icon: <Play />, hint: <Kbd>W</Kbd>, onAction: () => {} },
            {
              id: 'settings',
              label: 'Settings',
              icon: <Settings />,
              description: 'Name, template and limits',
              onAction: () => {},
            },
            { id: 'off', label: 'Not now', disabled: true, onAction: () => {} },
            'separator',
            { id: 'delete', label: 'Terminate', icon: <Trash />, tone: 'danger', onAction: () => {} },
          ]}
        />
        <Button
          onPress={() => {
            toasts.show({ title: 'Session hibernated', action: { label: 'Undo', onPress: () => {} } })
            toasts.show({
              title: 'Plugin installed',
              description: 'Slack notifications 1.0.0',
              tone: 'success',
            })
            toasts.show({ title: 'Could not save', description: 'PLUGIN_CONFIG_INVALID', tone: 'danger' })
          }}
        >
          Show toasts
        </Button>
      </Row>
      {(['dialog', 'panel'] as const).map((kind) => (
        <Dialog
          key={kind}
          open={open === kind}
          onOpenChange={close}
          placement={kind === 'panel' ? 'end' : 'center'}
          title="Install Slack notifications"
          description="Version 1.0.0 by Example, uploaded by you. Not signed."
          footerNote="Nothing runs before you approve."
          footer={
            <>
              <Button onPress={() => setOpen(undefined)}>Cancel</Button>
              <Button variant="primary">Install with 3 of 4 permissions</Button>
            </>
          }
        >
          <Section title="High risk" level={3}>
            <Notice tone="danger" title="Change sessions of everybody">
              Can hibernate, wake and end sessions.
            </Notice>
            <Switch label="Read sessions" description="Names, owners and states." defaultChecked />
            <TextField label="Webhook URL" placeholder="https://hooks.slack.com/…" />
          </Section>
        </Dialog>
      ))}
      <ConfirmDialog
        open={open === 'confirm'}
        onOpenChange={close}
        tone="danger"
        title="Uninstall Slack notifications?"
        description="Its settings and its permissions are removed. You can install it again from the catalog."
        confirmLabel="Uninstall"
        onConfirm={() => setOpen(undefined)}
      />
    </Section>
  )
}
