import { Badge, CodeText, EmptyState, Notice } from '@mortise/react/host'
import FileCheck from 'lucide-react/icons/file-check'
import { RoleSuggestions } from './role-suggestions.tsx'
import { useStudio } from './studio-store.ts'
import type { StudioTheme } from './use-theme.ts'

/** Problems drawn at most. */
const most = 200

/** What the last import took, and what was wrong with its files: where, why and what to do. */
export function FilesPanel({ studio }: { readonly studio: StudioTheme }) {
  const report = useStudio((state) => state.report)
  if (!report) {
    return (
      <EmptyState
        size="sm"
        icon={<FileCheck />}
        title="Nothing was imported yet"
        description="Drop a Figma or Tokens Studio export, a VS Code theme, a style sheet or a theme package anywhere on this page."
      />
    )
  }
  const { title, summary, diagnostics, unmapped, suggestions } = report
  return (
    <div className="s-panel">
      <Notice tone={diagnostics.length > 0 ? 'warning' : 'success'} title={title}>
        {summary}{' '}
        {diagnostics.length > 0 &&
          `${diagnostics.length} ${diagnostics.length === 1 ? 'problem' : 'problems'}; the rest is loaded.`}
      </Notice>
      <RoleSuggestions studio={studio} of={suggestions} />
      <ul className="s-cards" aria-label="Problems in the files">
        {diagnostics.slice(0, most).map(({ code, file, line, column, pointer, message, hint }) => (
          <li key={`${code} ${file} ${pointer} ${line} ${message}`} className="s-problem">
            <div className="s-problem__place">
              <span className="s-mono c-strong">
                {file ?? 'File'}
                {line === undefined ? '' : `:${line}:${column ?? 1}`}
              </span>
              <Badge>{code}</Badge>
            </div>
            {pointer && <CodeText>{pointer}</CodeText>}
            <div>{message}</div>
            {hint && <div className="c-muted">{hint}</div>}
          </li>
        ))}
      </ul>
      {diagnostics.length > most && <p className="c-muted">and {diagnostics.length - most} more</p>}
      {unmapped.length > 0 && (
        <details className="s-unmapped">
          <summary>
            {unmapped.length} {unmapped.length === 1 ? 'name' : 'names'} without a role
          </summary>
          <p className="c-muted">{unmapped.slice(0, 300).join(', ')}</p>
        </details>
      )}
    </div>
  )
}
