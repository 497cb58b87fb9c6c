import { CodeBlock } from '../components/code-block.tsx'
import type { Remote } from './remote-props.ts'

export function RemoteCode({ value = '', label, wrap }: Remote<'Code'>) {
  return <CodeBlock value={value} label={label} wrap={wrap} />
}
