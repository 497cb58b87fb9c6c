import { createToasts } from '@mortise/react/host'
import { describeFailure } from '../api/client.ts'

/** The messages of this page. */
export const toasts = createToasts()

/** Says that something was done. */
export function toast(title: string, description?: string): void {
  toasts.show({ title, description, tone: 'success' })
}

/** Says what was not done, why, and under which code. Stays until it is dismissed. */
export function toastFailure(title: string, thrown: unknown): void {
  const { code, message } = describeFailure(thrown)
  toasts.show({ title, description: `${message} (${code})`, tone: 'danger' })
}
