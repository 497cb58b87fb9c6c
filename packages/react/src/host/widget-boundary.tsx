import { type ErrorRecord, toErrorRecord } from '@mortise/contract'
import { Component, type ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
  /** Told what drawing threw. The boundary draws nothing from then on; a new one starts afresh. */
  readonly onError: (error: ErrorRecord) => void
}

interface State {
  readonly failed: boolean
}

/** Keeps an error in drawing one widget inside that widget. */
export class WidgetBoundary extends Component<Props, State> {
  override state: State = { failed: false }

  static getDerivedStateFromError(): State {
    return { failed: true }
  }

  override componentDidCatch(thrown: unknown): void {
    this.props.onError(toErrorRecord(thrown))
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children
  }
}
