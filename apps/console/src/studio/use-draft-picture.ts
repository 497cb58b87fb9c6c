import { useEffect, useState } from 'react'

/** An SVG text of a draft as the address of a cleaned picture. `undefined` without one, and until it is cleaned. */
export function useDraftPicture(text: string | undefined): string | undefined {
  const [picture, setPicture] = useState<{ readonly of: string; readonly address: string | undefined }>()
  useEffect(() => {
    if (text === undefined) return
    let current = true
    void import('../appearance/clean-svg.ts').then(({ cleanSvg }) => {
      if (current) setPicture({ of: text, address: cleanSvg(text) })
    })
    return () => {
      current = false
    }
  }, [text])
  return text !== undefined && picture?.of === text ? picture.address : undefined
}
