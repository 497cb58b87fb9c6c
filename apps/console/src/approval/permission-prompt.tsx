import { BuiltInTheme, Button, CodeText, Dialog, PluginIcon, RiskBadge } from '@mortise/react/host'
import { useEffect, useState } from 'react'
import { type PermissionPrompt, usePrompts } from '../state/prompts.ts'

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

function Prompt({ prompt: { plugin, permission, reason, answer } }: { readonly prompt: PermissionPrompt }) {
  const [armed, setArmed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setArmed(true), armingMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && answer(false)}
      role="alertdialog"
      size="sm"
      title={`${plugin.displayName} asks for a permission`}
      description="Mortise asks you this. You can change your answer on the plugin's page."
      footer={
        <>
          <Button onPress={() => answer(false)}>Not now</Button>
          <Button variant="primary" disabled={!armed} onPress={() => answer(true)}>
            Allow
          </Button>
        </>
      }
    >
      <div className="c-prompt">
        <div className="c-prompt__asked">
          <PluginIcon id={plugin.id} name={plugin.displayName} size="md" />
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
        </div>
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
