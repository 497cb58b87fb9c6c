import { Markdown } from '../components/markdown.tsx'
import type { Remote } from './remote-props.ts'

export function RemoteMarkdown({ value = '' }: Remote<'Markdown'>) {
  return <Markdown value={value} />
}
