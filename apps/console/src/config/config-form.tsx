import type { PluginRecord } from '@mortise/contract'
import { Button } from '@mortise/react/host'
// The package's index also loads its test registry, which needs the validator that the CSP forbids.
import Form from '@rjsf/core/lib/components/Form.js'
import { Component, type ReactNode, useMemo, useRef, useState } from 'react'
import { HostApproval } from './host-approval.tsx'
import { JsonEditor } from './json-editor.tsx'
import { SaveFailure } from './save-failure.tsx'
import { hasFields, keepSecrets, normalizeSchema, uiSchemaOf } from './schema.ts'
import { templates } from './templates.tsx'
import { saveLabel, useSaveConfig } from './use-save-config.ts'
import { toErrorTree, validator } from './validator.ts'
import { widgets } from './widgets.tsx'

export interface ConfigFormProps {
  readonly plugin: PluginRecord
  readonly onSaved?: () => void
}

/** The settings of a plugin: a form made from its schema, or its JSON where it has none. */
export function ConfigForm(props: ConfigFormProps) {
  const { configSchema } = props.plugin
  if (!hasFields(configSchema)) {
    return <JsonEditor {...props} note="No configuration schema available. Use JSON editor below." />
  }
  return (
    <SchemaBoundary
      fallback={
        <JsonEditor {...props} note="The plugin's schema cannot be drawn as a form. Use JSON editor below." />
      }
    >
      <SchemaForm {...props} schema={configSchema} />
    </SchemaBoundary>
  )
}

type Config = Record<string, unknown>

function SchemaForm({
  plugin,
  onSaved,
  schema: raw,
}: ConfigFormProps & { readonly schema: Readonly<Config> }) {
  const schema = useMemo(() => normalizeSchema(raw), [raw])
  const uiSchema = useMemo(
    () => ({ ...uiSchemaOf(schema), 'ui:submitButtonOptions': { norender: true } }),
    [schema],
  )
  const [config, setConfig] = useState<Config>(plugin.config)
  const [issuesShown, setIssuesShown] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const { busy, failure, hosts, save, forget } = useSaveConfig(plugin, onSaved)
  const issues = failure?.issues
  const extraErrors = useMemo(() => toErrorTree(issues ?? []), [issues])

  const focusFirstError = () =>
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-invalid] button')?.focus(),
    )
  const submit = async (values: Config) => {
    setIssuesShown(true)
    if ((await save(keepSecrets(values, plugin.config))) === 'invalid') focusFirstError()
  }

  return (
    <div ref={box} className="c-config">
      {failure && failure.issues.length === 0 && <SaveFailure plugin={plugin} error={failure} />}
      <Form<Config>
        schema={schema}
        uiSchema={uiSchema}
        formData={config}
        validator={validator}
        widgets={widgets}
        templates={templates}
        extraErrors={issuesShown ? extraErrors : {}}
        idPrefix={`config-${plugin.id}`}
        disabled={busy}
        noHtml5Validate
        showErrorList={false}
        onChange={({ formData }) => {
          setConfig(formData ?? {})
          forget()
        }}
        onError={focusFirstError}
        onSubmit={({ formData }) => void submit(formData ?? {})}
      >
        {hosts ? (
          <HostApproval
            plugin={plugin}
            hosts={hosts}
            busy={busy}
            onCancel={forget}
            onApprove={() => void save(keepSecrets(config, plugin.config), hosts)}
          />
        ) : (
          <div className="c-config__foot">
            <Button type="submit" variant="primary" loading={busy}>
              {saveLabel(plugin)}
            </Button>
          </div>
        )}
      </Form>
    </div>
  )
}

/** A schema is the plugin's text: whatever it does to the form, the page stays. */
class SchemaBoundary extends Component<{ readonly fallback: ReactNode; readonly children: ReactNode }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
