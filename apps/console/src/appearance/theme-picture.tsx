import { Skeleton } from '@mortise/react/host'
import type { CSSProperties } from 'react'
import { useQuery } from '../state/query.ts'
import type { ThemePreview } from './theme-preview.ts'
import { type KnownTheme, versionKey } from './theme-source.ts'

/** A small console in a theme's colors, type and corners, side by side in each mode it has; the built-in theme's without one. */
export function ThemePicture({ theme }: { readonly theme?: KnownTheme | undefined }) {
  const { data, error } = useQuery<ThemePreview>(
    `preview ${theme ? versionKey(theme) : 'built in'}`,
    async () => (await import('./theme-preview.ts')).previewTheme(theme),
  )
  if (data) {
    return (
      <div className="c-picture" aria-hidden="true" inert>
        {data.map(({ mode, declarations }) => (
          <Half key={mode} declarations={declarations} />
        ))}
      </div>
    )
  }
  return (
    <div className="c-picture c-picture--empty">
      {error === undefined ? <Skeleton shape="block" width={100} /> : 'No picture'}
    </div>
  )
}

function Half({ declarations }: Pick<ThemePreview[number], 'declarations'>) {
  return (
    <div className="c-picture__half" style={Object.fromEntries(declarations) as CSSProperties}>
      <div className="c-picture__nav">
        <i />
        <i className="c-picture__here" />
        <i />
      </div>
      <div className="c-picture__page">
        <div className="c-picture__title">Aa</div>
        <div className="c-picture__card">
          {(['success', 'warning', 'danger'] as const).map((status) => (
            <div key={status} className="c-picture__line">
              <b />
              <em className={`c-picture__dot c-picture__dot--${status}`} />
            </div>
          ))}
        </div>
        <div className="c-picture__button">
          <b />
        </div>
      </div>
    </div>
  )
}
