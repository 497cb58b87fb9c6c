import { Skeleton } from '@mortise/react/host'
import type { CSSProperties } from 'react'
import type { ThemePreview } from './theme-preview.ts'

interface ThemePictureProps {
  readonly preview: ThemePreview | undefined
  readonly mode: 'light' | 'dark'
}

/** A small console in a theme's colors. */
export function ThemePicture({ preview, mode }: ThemePictureProps) {
  if (!preview) {
    return (
      <div className="c-picture c-picture--empty">
        <Skeleton shape="block" width={100} />
      </div>
    )
  }
  return (
    <div
      className="c-picture"
      style={Object.fromEntries(preview[mode]) as CSSProperties}
      aria-hidden="true"
      inert
    >
      <div className="c-picture__nav">
        <i />
        <i className="c-picture__here" />
        <i />
      </div>
      <div className="c-picture__page">
        <div className="c-picture__title" />
        <div className="c-picture__card">
          <div className="c-picture__line">
            <b />
            <em className="c-picture__dot c-picture__dot--success" />
          </div>
          <div className="c-picture__line">
            <b />
            <em className="c-picture__dot c-picture__dot--warning" />
          </div>
          <div className="c-picture__line">
            <b />
            <em className="c-picture__dot c-picture__dot--danger" />
          </div>
        </div>
        <div className="c-picture__button" />
      </div>
    </div>
  )
}
