import '../styles/code.css'
import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useState } from 'react'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'

export interface CodeBlockProps {
  readonly value: string
  /** Shown above the text. */
  readonly label?: string | undefined
  readonly wrap?: boolean | undefined
}

/** Program text as it is, and a button that copies it. */
export function CodeBlock({ value, label, wrap }: CodeBlockProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      // A browser may refuse; the text can still be selected.
      () => setCopied(false),
    )
  }
  return (
    <figure className={classes('m-code-box', label && 'm-code-box--labelled')}>
      {label && <figcaption className="m-code-box__label">{label}</figcaption>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: text that scrolls has to be reached by keyboard */}
      <pre className={classes('m-code-box__text', wrap && 'm-code-box__text--wrap')} dir="ltr" tabIndex={0}>
        <code>{value}</code>
      </pre>
      <span className="m-code-box__copy">
        <IconButton
          size="sm"
          label={copied ? 'Copied' : 'Copy'}
          icon={copied ? <Check /> : <Copy />}
          onPress={copy}
        />
      </span>
      <span className="m-visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </figure>
  )
}
