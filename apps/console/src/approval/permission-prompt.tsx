import type { DescribedPermission } from '@mortise/contract'
import { BuiltInTheme, Button, CodeText, Dialog, PluginIcon, RiskBadge } from '@mortise/react/host'
import { useEffect, useState } from 'react'
import { type PermissionPrompt, usePrompts } from '../state/prompts.ts'
import { PermissionList } from './permission-list.tsx'

/** The oldest question a running plugin asks, above everything else. Closing it means "not now". */
export function PermissionPrompts() {
  const prompt = usePrompts((state) => state.permissions[0])
  return (
    prompt && (
      <BuiltInTheme>
        <Prompt key={prompt.id} prompt={prompt} />
      </BuiltInTheme>
    )
  )
}

/** Milliseconds before "Allow" can be pressed: a plugin chooses when to ask, not what a click hits. */
const armingMs = 600

function Prompt({ prompt: { plugin, permissions, reason, answer } }: { readonly prompt: PermissionPrompt }) {
  const [armed, setArmed] = useState(false)
  const [only, ...others] = permissions
  const several = others.length > 0
  // Of several, what can destroy things is allowed by a hand that meant it.
  const [allowed, setAllowed] = useState<ReadonlySet<string>>(
    () => new Set(permissions.filter(({ risk }) => !several || risk !== 'high').map(({ name }) => name)),
  )
  useEffect(() => {
    const timer = setTimeout(() => setArmed(true), armingMs)
    return () => clearTimeout(timer)
  }, [])
  const choose = (name: string, isAllowed: boolean) => {
    const next = new Set(allowed)
    if (isAllowed) next.add(name)
    else next.delete(name)
    setAllowed(next)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && answer([])}
      role="alertdialog"
      size={several ? 'md' : 'sm'}
      title={`${plugin.displayName} asks for ${several ? `${permissions.length} permissions` : 'a permission'}`}
      description="Mortise asks you this. You can change your answer on the plugin's page."
      footer={
        <>
          <Button onPress={() => answer([])}>Not now</Button>
          <Button
            variant="primary"
            disabled={!armed || allowed.size === 0}
            onPress={() => answer([...allowed])}
          >
            {several ? `Allow ${allowed.size} of ${permissions.length}` : 'Allow'}
          </Button>
        </>
      }
    >
      <div className="c-prompt">
        {several ? (
          <PermissionList permissions={permissions} allowed={allowed} onChange={choose} />
        ) : (
          only && (
            <div className="c-prompt__asked">
              <PluginIcon id={plugin.id} name={plugin.displayName} size="md" />
              <OnePermission permission={only} />
            </div>
          )
        )}
        {reason.trim() !== '' && (
          <figure className="c-quote">
            <figcaption>The plugin says</figcaption>
            <blockquote>
              <bdi>{reason}</bdi>
            </blockquote>
          </figure>
        )}
      </div>
    </Dialog>
  )
}

function OnePermission({ permission }: { readonly permission: DescribedPermission }) {
  return (
    <div className="c-prompt__words">
      <div className="c-strong">
        {permission.known
          ? permission.sentence
          : 'A permission this host does not know. Allowing it opens nothing.'}
      </div>
      <div className="c-permission__facts">
        <RiskBadge risk={permission.risk} />
        <CodeText>{permission.name}</CodeText>
      </div>
    </div>
  )
}
