import { Button, EmptyState } from '@mortise/react/host'
import { Suspense, useCallback, useEffect, useState } from 'react'
import { I18nProvider, RouterProvider } from 'react-aria-components'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { RequestError } from './api/client.ts'
import { type Person, sessionApi } from './api/plugins.ts'
import { Shell } from './layout/shell.tsx'
import { DashboardPage } from './pages/dashboard.tsx'
import {
  ActivityPage,
  AppearancePage,
  PluginPage,
  PluginsPage,
  SessionsPage,
  StudioPage,
  TemplatesPage,
  UsersPage,
  WebhooksPage,
  warmPages,
} from './pages/lazy-pages.ts'
import { NotFoundPage } from './pages/not-found.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { ErrorNotice } from './parts/error-notice.tsx'
import { PageSkeleton } from './parts/page.tsx'
import { PageBoundary } from './parts/page-boundary.tsx'
import { showNotifications } from './state/notifications.ts'
import { clearQueries } from './state/query.ts'
import { startShell } from './state/shell.ts'
import { toastFailure } from './state/toasts.ts'

type Gate =
  | { readonly state: 'checking' }
  | { readonly state: 'signed-out' }
  | { readonly state: 'signed-in'; readonly person: Person }
  | { readonly state: 'failed'; readonly error: unknown }

/** Finds out who is there, then shows the sign-in page or the console. */
export function App() {
  const [gate, setGate] = useState<Gate>({ state: 'checking' })
  const [path, navigate] = useLocation()

  const check = useCallback(async () => {
    try {
      const { user: person, cursor } = await sessionApi.me()
      setGate({ state: 'signed-in', person })
      warmPages()
      showNotifications(person)
      startShell(cursor).catch((error) => toastFailure('Plugins could not be read', error))
    } catch (error) {
      const refused = error instanceof RequestError && error.status === 401
      setGate(refused ? { state: 'signed-out' } : { state: 'failed', error })
    }
  }, [])

  const signOut = useCallback(async () => {
    try {
      await sessionApi.signOut()
      clearQueries()
      // A fresh page is the one sure way to stop every sandbox and forget every answer.
      location.assign('/sign-in')
    } catch (error) {
      toastFailure('You are still signed in', error)
    }
  }, [])

  // The sign-in page checks by itself, after it has used the link's token.
  const signingIn = path === '/sign-in'
  useEffect(() => {
    if (!signingIn) void check()
  }, [signingIn, check])

  return (
    <I18nProvider locale="en-US">
      <RouterProvider navigate={navigate}>
        {signingIn || gate.state === 'signed-out' ? (
          <SignInPage
            onSignedIn={() => {
              if (signingIn) navigate('/', { replace: true })
              void check()
            }}
          />
        ) : gate.state === 'checking' ? (
          <output className="c-boot" aria-label="Loading the console" />
        ) : gate.state === 'failed' ? (
          <main className="c-alone">
            <EmptyState title="The console cannot start" description="It needs its server to show anything.">
              <Button variant="primary" onPress={() => void check()}>
                Try again
              </Button>
            </EmptyState>
            <ErrorNotice title="The server did not answer as expected" error={gate.error} />
          </main>
        ) : (
          <Shell person={gate.person} onSignOut={() => void signOut()}>
            <Pages />
          </Shell>
        )}
      </RouterProvider>
    </I18nProvider>
  )
}

function Pages() {
  const [path] = useLocation()
  return (
    // Another page is a new chance.
    <PageBoundary key={path.split('/')[1]}>
      <Suspense fallback={<PageSkeleton />}>
        <Switch>
          <Route path="/">
            <DashboardPage />
          </Route>
          <Route path="/sessions/:id?">{({ id }) => <SessionsPage selected={decode(id)} />}</Route>
          <Route path="/users">
            <UsersPage />
          </Route>
          <Route path="/templates">
            <TemplatesPage />
          </Route>
          <Route path="/plugins">
            <PluginsPage />
          </Route>
          <Route path="/installed/:id/:tab?">
            {({ id, tab }) => <PluginPage key={id} id={id} tab={tab ?? 'overview'} />}
          </Route>
          <Route path="/webhooks/:id?">{({ id }) => <WebhooksPage selected={decode(id)} />}</Route>
          <Route path="/activity">
            <ActivityPage />
          </Route>
          <Route path="/appearance">
            <AppearancePage />
          </Route>
          <Route path="/studio">
            <StudioPage />
          </Route>
          <Route path="/dashboard">
            <Redirect to="/" replace />
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  )
}

function decode(id: string | undefined): string | undefined {
  try {
    return id && decodeURIComponent(id)
  } catch {
    return id
  }
}
