import { Button, CodeText, Notice } from '@mortise/react/host'
import { describeFailure, RequestError } from '../api/client.ts'

interface ErrorNoticeProps {
  /** What did not work, naming the thing or the plugin it did not work for. */
  readonly title: string
  readonly error: unknown
  readonly onRetry?: () => void
}

/** A failure: what, why, under which code, and the way out. */
export function ErrorNotice({ title, error, onRetry }: ErrorNoticeProps) {
  const { code, message } = describeFailure(error)
  const issues = error instanceof RequestError ? error.issues : []
  return (
    <Notice
      tone="danger"
      title={title}
      actions={
        onRetry && (
          <Button size="sm" onPress={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {issues.length === 0 ? (
        <span className="c-error__message">{message}</span>
      ) : (
        <ul className="c-error__issues">
          {issues.map(({ file, pointer, message: problem }) => (
            <li key={`${file} ${pointer} ${problem}`}>
              {(file || pointer) && <CodeText>{`${file ?? ''}#${pointer}`}</CodeText>} {problem}
            </li>
          ))}
        </ul>
      )}{' '}
      <CodeText>{code}</CodeText>
    </Notice>
  )
}
