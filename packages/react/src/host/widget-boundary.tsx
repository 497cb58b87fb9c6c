import type { ErrorRecord } from '@mortise/contract'
import { type PluginRecord, toErrorRecord } from '@mortise/contract'
import { Component, type ReactNode } from 'react'
import { FrameFailure } from './frame-failure.tsx'
import type { FrameMenuActions } from './frame-menu.tsx'

interface Props extends Pick<FrameMenuActions, 'onOpenPlugin'> {
  readonly plugin: PluginRecord
  readonly children: ReactNode
}

interface State {
  readonly error: ErrorRecord | undefined
}

/** Keeps an error in drawing one widget inside that widget. */
export class WidgetBoundary extends Component<Props, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: toErrorRecord(thrown) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <FrameFailure
        plugin={this.props.plugin}
        state={{ type: 'failed', error }}
        onRetry={() => this.setState({ error: undefined })}
        onOpenPlugin={this.props.onOpenPlugin}
      />
    )
  }
}
