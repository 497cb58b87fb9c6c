import { type DragEvent, useState } from 'react'

/**
 * Lets a file be dropped anywhere on an element. For the mouse only: the same
 * page has a button that opens a file.
 */
export function useFileDrop(onFile: (file: File) => void) {
  const [over, setOver] = useState(false)
  const holdsFile = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  const drop = {
    onDragOver(event: DragEvent) {
      if (!holdsFile(event)) return
      // Without this the browser would leave the page and open the file.
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    },
    onDragLeave(event: DragEvent) {
      const to = event.relatedTarget
      if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false)
    },
    onDrop(event: DragEvent) {
      if (!holdsFile(event)) return
      event.preventDefault()
      setOver(false)
      const [file] = event.dataTransfer.files
      if (file) onFile(file)
    },
  }
  return { over, drop }
}
