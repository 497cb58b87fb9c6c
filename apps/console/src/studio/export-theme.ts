import type { Theme } from '@mortise/tokens'
import { exportCss, exportFigma, exportJson, exportTailwind, exportTypeScript } from '@mortise/tokens/export'
import { strToU8, zipSync } from 'fflate'

interface Format {
  readonly id: string
  readonly label: string
  readonly description: string
  readonly file: string
  readonly write: (theme: Theme) => string | Uint8Array<ArrayBuffer>
}

/** Formats that a theme can be taken elsewhere in. */
export const formats: readonly Format[] = [
  {
    id: 'css',
    label: 'CSS',
    description: 'Custom properties for every mode',
    file: 'css',
    write: exportCss,
  },
  {
    id: 'tailwind',
    label: 'Tailwind 4',
    description: 'The same with an @theme block',
    file: 'tailwind.css',
    write: exportTailwind,
  },
  {
    id: 'figma',
    label: 'Figma',
    description: 'One DTCG token file for each mode, zipped',
    file: 'figma.zip',
    write: (theme) =>
      zipSync(
        Object.fromEntries(Object.entries(exportFigma(theme)).map(([name, text]) => [name, strToU8(text)])),
      ) as Uint8Array<ArrayBuffer>,
  },
  {
    id: 'json',
    label: 'JSON',
    description: 'CSS values by mode and token',
    file: 'json',
    write: exportJson,
  },
  {
    id: 'ts',
    label: 'TypeScript',
    description: 'A module with names and values',
    file: 'ts',
    write: exportTypeScript,
  },
]

/** Hands a file to the person, as a link they had pressed would. */
export function download(name: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content]))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser reads the address after this task.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
