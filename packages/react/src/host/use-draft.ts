import { useRef, useState } from 'react'

/**
 * Keeps what a person types until the plugin has answered it. A plugin's value
 * arrives a moment after the key; taking it as it comes would throw away the
 * keys pressed meanwhile.
 */
export function useDraft<T>(value: T | undefined, onChange: ((value: T) => void) | undefined) {
  const [draft, setDraft] = useState(value)
  const [answered, setAnswered] = useState(value)
  const sent = useRef<T[]>([])
  if (value !== answered) {
    setAnswered(value)
    const echo = value === undefined ? -1 : sent.current.indexOf(value)
    if (echo >= 0) sent.current.splice(0, echo + 1)
    else {
      sent.current = []
      setDraft(value)
    }
  }
  const change = (next: T) => {
    setDraft(next)
    sent.current.push(next)
    if (sent.current.length > 100) sent.current.shift()
    onChange?.(next)
  }
  return [draft, change] as const
}
