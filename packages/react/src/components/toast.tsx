import X from 'lucide-react/icons/x'
import { Button as AriaButton } from 'react-aria-components/Button'
import {
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastRegion as AriaToastRegion,
  Text,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
} from 'react-aria-components/Toast'
import type { Tone } from './badge.tsx'
import { Button } from './button.tsx'
import { ToneIcon } from './feedback.tsx'

export interface ToastMessage {
  readonly title: string
  readonly description?: string
  readonly tone?: Tone
  /** One thing to do about it, such as "Undo". */
  readonly action?: { readonly label: string; readonly onPress: () => void }
}

/** Short messages about what just happened. */
export interface Toasts {
  /** Shows a message and answers how to take it back. Without an action it goes after five seconds. */
  show(message: ToastMessage): () => void
  readonly queue: ToastQueue<ToastMessage>
}

/** Makes a queue of messages. A shell has one. */
export function createToasts(): Toasts {
  const queue = new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 })
  return {
    queue,
    show(message) {
      // Things a person may want to press stay longer; errors stay until they are read.
      const timeout = message.tone === 'danger' ? undefined : message.action ? 10_000 : 5_000
      const key = queue.add(message, timeout === undefined ? {} : { timeout })
      return () => queue.close(key)
    },
  }
}

/** Where messages appear. Draw it once, near the end of the page. F6 moves focus into it. */
export function ToastRegion({ toasts }: { readonly toasts: Toasts }) {
  return (
    <AriaToastRegion queue={toasts.queue} className="m-toasts">
      {({ toast }) => {
        const { title, description, tone = 'neutral', action } = toast.content
        return (
          <AriaToast toast={toast} className={`m-toast m-tone-${tone}`}>
            <span className="m-toast__icon">
              <ToneIcon tone={tone} />
            </span>
            <ToastContent className="m-toast__content">
              <Text slot="title" className="m-toast__title">
                {title}
              </Text>
              {description && (
                <Text slot="description" className="m-toast__description">
                  {description}
                </Text>
              )}
            </ToastContent>
            {action && (
              <Button
                size="sm"
                onPress={() => {
                  action.onPress()
                  toasts.queue.close(toast.key)
                }}
              >
                {action.label}
              </Button>
            )}
            <AriaButton
              slot="close"
              className="m-button m-icon-button m-button--ghost m-button--sm"
              aria-label="Dismiss"
            >
              <X aria-hidden="true" />
            </AriaButton>
          </AriaToast>
        )
      }}
    </AriaToastRegion>
  )
}
