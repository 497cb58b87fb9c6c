import {
  Badge,
  Button,
  Checkbox,
  CodeText,
  IconButton,
  Kbd,
  Notice,
  NumberField,
  PluginIcon,
  Progress,
  RiskBadge,
  Section,
  Switch,
  Tabs,
  Tag,
  TextArea,
  TextField,
  type Tone,
} from '@mortise/react/host'
import { baseTokenPaths } from '@mortise/tokens/names'
import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import Plus from 'lucide-react/icons/plus'
import Settings from 'lucide-react/icons/settings'
import Trash2 from 'lucide-react/icons/trash-2'
import type { CSSProperties } from 'react'

const tones: readonly Tone[] = ['neutral', 'accent', 'success', 'warning', 'danger', 'info']
const messages = [
  ['info', 'A new version is there', 'It asks for nothing new.'],
  ['success', 'Saved', 'The plugin runs with its new settings.'],
  ['warning', 'You are offline', 'What you see may be out of date.'],
  ['danger', 'The plugin failed', 'It was stopped after three strikes.'],
] as const
const sizes = baseTokenPaths.filter((path) => path.startsWith('font.size.'))

/** The host's own components, which also draw what plugins show. */
export function ComponentScene() {
  return (
    <div className="s-gallery">
      <Section title="Buttons" level={3}>
        <div className="c-actions">
          <Button variant="primary" icon={<Plus />}>
            Primary
          </Button>
          <Button>Secondary</Button>
          <Button variant="ghost">Ghost</Button>
          <Button variant="danger" icon={<Trash2 />}>
            Uninstall
          </Button>
          <Button disabled>Disabled</Button>
          <IconButton label="Settings" icon={<Settings />} />
          <IconButton label="Copy" icon={<Copy />} variant="secondary" />
        </div>
      </Section>
      <Section title="Permissions" level={3}>
        <div className="s-prompt">
          <div className="c-prompt__asked">
            <PluginIcon id="session-list" name="Session list" size="md" />
            <div className="c-prompt__words">
              <div className="c-strong">Create, modify, or delete sessions</div>
              <div className="c-permission__facts">
                <RiskBadge risk="high" />
                <CodeText>write:sessions</CodeText>
              </div>
            </div>
          </div>
          <div className="c-actions">
            <RiskBadge risk="low" />
            <RiskBadge risk="medium" />
            <RiskBadge risk="high" />
          </div>
          <div className="c-actions">
            <Button>Not now</Button>
            <Button variant="primary">Allow</Button>
          </div>
        </div>
      </Section>
      <Section title="Fields" level={3}>
        <div className="s-gallery__fields">
          <TextField label="Name" defaultValue="Design review" description="Shown to everybody" />
          <TextField label="Address" placeholder="https://…" error="This is not an address." />
          <NumberField label="Idle time" defaultValue={15} />
          <TextArea label="Note" defaultValue="Ends on Friday." rows={2} />
          <div className="c-stack">
            <Switch label="Start at once" defaultChecked />
            <Switch label="Notify" />
            <Checkbox label="Keep the data" defaultChecked />
            <Checkbox label="Share with the team" />
          </div>
        </div>
      </Section>
      <Section title="States" level={3}>
        <div className="c-actions">
          {tones.map((tone) => (
            <Badge key={tone} tone={tone} dot={tone !== 'accent'}>
              {tone}
            </Badge>
          ))}
          <Tag>extension</Tag>
          <Kbd>Ctrl K</Kbd>
          <CodeText>session.created</CodeText>
        </div>
        <div className="s-gallery__notices">
          {messages.map(([tone, title, text]) => (
            <Notice key={tone} tone={tone} title={title}>
              {text}
            </Notice>
          ))}
        </div>
        <Progress label="Copying" value={0.62} />
      </Section>
      <Section title="Menus and tabs" level={3}>
        <div className="s-gallery__menus">
          <div className="m-popover s-menu" aria-hidden="true">
            <div className="m-menu">
              {['Open', 'Rename', 'Hibernate'].map((label, i) => (
                <div
                  key={label}
                  className="m-option"
                  {...(i === 1 ? { 'data-focused': true } : {})}
                  {...(i === 2 ? { 'data-selected': true } : {})}
                >
                  <Check className="m-option__check" />
                  <span className="m-option__label">{label}</span>
                </div>
              ))}
              <div className="m-menu__separator" />
              <div className="m-option m-option--danger">
                <Trash2 />
                <span className="m-option__label">Delete</span>
              </div>
            </div>
          </div>
          <Tabs
            label="Sample"
            items={[
              {
                id: 'one',
                label: 'Overview',
                content: (
                  <p className="c-muted">
                    Secondary text, a <span className="s-link">link</span> and{' '}
                    <span className="s-subtle">a hint</span>.
                  </p>
                ),
              },
              { id: 'two', label: 'Usage', count: 4, content: <p className="c-muted">Nothing yet.</p> },
            ]}
          />
        </div>
      </Section>
      <Section title="Type" level={3}>
        <div className="s-gallery__type">
          {sizes.toReversed().map((path) => (
            <p
              key={path}
              style={{ '--s-size': `var(--m-${path.replaceAll('.', '-')})` } as CSSProperties}
              className="s-type"
            >
              A workbench, not a billboard <span className="s-subtle">{path.slice('font.size.'.length)}</span>
            </p>
          ))}
        </div>
      </Section>
      <Section title="Surfaces and charts" level={3}>
        <div className="s-surfaces">
          {['page', 'base', 'raised', 'sunken', 'overlay'].map((name) => (
            <span key={name} className={`s-surface s-surface--${name}`}>
              {name}
              <span className="s-subtle">hint</span>
            </span>
          ))}
        </div>
        <div className="s-charts" aria-hidden="true">
          {[1, 2, 3, 4, 5, 6].map((n) => (
            <i key={n} className={`s-bars__bar--${n}`} />
          ))}
        </div>
      </Section>
    </div>
  )
}
