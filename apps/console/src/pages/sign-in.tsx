import { Button, CodeText, Spinner, TextField } from '@mortise/react/host'
import { type FormEvent, useCallback, useEffect, useState } from 'react'
import { describeFailure, RequestError } from '../api/client.ts'
import { sessionApi } from '../api/plugins.ts'
import { ownName, useBranding, useHostBranding } from '../appearance/branding.ts'
import { Mark } from '../layout/logo.tsx'
import { usePageTitle } from '../parts/page.tsx'

/** Signs in with the token of the printed link, or with one typed by hand. */
export function SignInPage({ onSignedIn }: { readonly onSignedIn: () => void }) {
  usePageTitle('Sign in')
  useHostBranding()
  const { name = ownName } = useBranding()
  const [token, setToken] = useState('')
  const [busy, setBusy] = useState(() => tokenOfLink() !== '')
  const [problem, setProblem] = useState<string>()

  const signIn = useCallback(
    async (secret: string) => {
      setBusy(true)
      setProblem(undefined)
      try {
        await sessionApi.signIn(secret)
        onSignedIn()
      } catch (error) {
        setProblem(explain(error))
        setBusy(false)
      }
    },
    [onSignedIn],
  )

  useEffect(() => {
    const useLink = () => {
      const secret = tokenOfLink()
      if (secret === '') return
      // The token must not stay in the address bar or the history.
      history.replaceState(null, '', location.pathname)
      void signIn(secret)
    }
    useLink()
    // A link opened where this page stands already changes no more than the address.
    addEventListener('hashchange', useLink)
    return () => removeEventListener('hashchange', useLink)
  }, [signIn])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (token.trim() === '') setProblem('Paste the token, or open the link itself.')
    else void signIn(token.trim())
  }

  return (
    <main className="c-alone">
      <form className="c-sign-in" onSubmit={submit} aria-busy={busy}>
        <Mark />
        <div>
          <h1 className="c-sign-in__title">
            Sign in to <bdi>{name}</bdi>
          </h1>
          <p className="c-sign-in__text">
            Starting the server prints a sign-in link in its terminal. Open that link, or paste the part after{' '}
            <CodeText>#</CodeText> here.
          </p>
        </div>
        <TextField
          label="Sign-in token"
          type="password"
          autoComplete="off"
          mono
          value={token}
          error={problem}
          disabled={busy}
          onChange={setToken}
        />
        <Button type="submit" variant="primary" loading={busy}>
          Sign in
        </Button>
        {busy && (
          <output className="c-sign-in__busy">
            <Spinner /> Signing in
          </output>
        )}
      </form>
    </main>
  )
}

function tokenOfLink(): string {
  try {
    return decodeURIComponent(location.hash.slice(1))
  } catch {
    return ''
  }
}

function explain(error: unknown): string {
  if (error instanceof RequestError && error.status === 401) {
    return 'This token is not valid, or its link was used before. Take the newest link from the terminal.'
  }
  const { code, message } = describeFailure(error)
  return `${message} (${code})`
}
