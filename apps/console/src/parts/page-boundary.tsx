import { Button, EmptyState } from '@mortise/react/host'
import { Component, type ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'

interface PageBoundaryProps {
  readonly children: ReactNode
}

interface PageBoundaryState {
  readonly error?: unknown
}

/** Keeps the shell when a page cannot be loaded or drawn. */
export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override state: PageBoundaryState = {}

  static getDerivedStateFromError(error: unknown): PageBoundaryState {
    return { error }
  }

  override render() {
    if (!('error' in this.state)) return this.props.children
    return (
      <div className="c-page">
        <h1 className="m-visually-hidden">Page failed</h1>
        <EmptyState
          title="This page cannot be shown"
          description="Its code did not arrive or failed. The rest of the console works."
        >
          <Button variant="primary" onPress={() => location.reload()}>
            Load again
          </Button>
        </EmptyState>
        <ErrorNotice title="What happened" error={this.state.error} />
      </div>
    )
  }
}
