import type { PluginRecord, SecretState } from '@mortise/contract'
import { Badge, Button, CodeText, Section, TextField } from '@mortise/react/host'
import { type FormEvent, useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { Ago } from '../parts/time.tsx'
import { host } from '../state/shell.ts'
import { toast, toastFailure } from '../state/toasts.ts'

/** Secrets of the plugin. A stored value is never shown again, only replaced or forgotten. */
export function SecretsSection({ plugin }: { readonly plugin: PluginRecord }) {
  if (plugin.secrets.length === 0) return null
  return (
    <Section
      title="Secrets"
      description="Sealed apart from the configuration. Only the plugin's server code reads them; nobody is shown a stored value again."
    >
      <ul className="c-secrets">
        {plugin.secrets.map((secret) => (
          <li key={secret.name}>
            <SecretField plugin={plugin} secret={secret} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function SecretField({ plugin, secret }: { readonly plugin: PluginRecord; readonly secret: SecretState }) {
  const [value, setValue] = useState('')
  const [busy, setBusy] = useState<'store' | 'forget'>()
  const { name, title, description, declared, isSet, setAt } = secret

  const change = async (next: string | null) => {
    setBusy(next === null ? 'forget' : 'store')
    try {
      await pluginsApi.setSecrets(plugin.id, { [name]: next })
      setValue('')
      await host.refresh(plugin.id)
      toast(next === null ? `${title} is forgotten` : `${title} is stored`)
    } catch (error) {
      toastFailure(`${title} is unchanged`, error)
    } finally {
      setBusy(undefined)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value !== '') void change(value)
  }

  return (
    <form className="c-secret" onSubmit={submit}>
      <div className="c-secret__head">
        <bdi className="c-strong">{title}</bdi>
        {title !== name && <CodeText>{name}</CodeText>}
        <Badge tone={declared && isSet ? 'success' : 'neutral'}>
          {declared ? (isSet ? 'Stored' : 'Not set') : 'Kept from another version'}
        </Badge>
        {setAt && (
          <span className="c-muted">
            <Ago time={setAt} />
          </span>
        )}
      </div>
      <div className="c-secret__row">
        {declared ? (
          <>
            <TextField
              label={`Value of ${title}`}
              hideLabel
              type="password"
              autoComplete="new-password"
              mono
              value={value}
              {...(description === undefined ? {} : { description })}
              placeholder={isSet ? 'Stored. Type to replace it.' : 'Type or paste the value'}
              onChange={setValue}
            />
            <Button type="submit" label={`Store ${title}`} disabled={value === ''} loading={busy === 'store'}>
              Store
            </Button>
          </>
        ) : (
          <p className="c-muted">This version does not read it. It is there again if you go back.</p>
        )}
        {isSet && (
          <Button
            variant="ghost"
            label={`Forget ${title}`}
            loading={busy === 'forget'}
            onPress={() => void change(null)}
          >
            Forget
          </Button>
        )}
      </div>
    </form>
  )
}
