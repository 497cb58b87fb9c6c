import { Button, CodeText, Dialog, PluginIcon, RiskBadge } from '@mortise/react/host'
import { type PermissionPrompt, usePrompts } from '../state/prompts.ts'

/** The oldest question a running plugin asks, above everything else. Closing it means "not now". */
export function PermissionPrompts() {
  const prompt = usePrompts((state) => state.permissions[0])
  return prompt ? <Prompt key={prompt.id} prompt={prompt} /> : null
}

function Prompt({ prompt: { plugin, permission, reason, answer } }: { readonly prompt: PermissionPrompt }) {
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
          <Button variant="primary" onPress={() => answer(true)}>
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
