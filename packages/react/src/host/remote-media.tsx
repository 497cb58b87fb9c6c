import ImageOff from 'lucide-react/icons/image-off'
import { useState } from 'react'
import { classes } from '../components/classes.ts'
import { hueIndex, monogram } from '../components/monogram.ts'
import type { Remote } from './remote-props.ts'
import { useOwner } from './widget-owner.ts'

export function RemoteImage({ src, alt = '', width, height, fit, rounded }: Remote<'Image'>) {
  const address = useImageAddress(src)
  const [failed, setFailed] = useState<string>()
  const style = { inlineSize: width && `${width}px`, blockSize: height && `${height}px` }
  const shape = classes('m-w-image', fit && `m-w-image--${fit}`, rounded && 'm-w-image--rounded')
  if (address === undefined || failed === address) {
    return (
      <span className={`${shape} m-w-image--none`} style={style} role="img" aria-label={alt || 'Picture'}>
        <ImageOff aria-hidden="true" />
        {alt && <span className="m-w-image__alt">{alt}</span>}
      </span>
    )
  }
  return (
    <img
      className={shape}
      style={style}
      src={address}
      alt={alt}
      decoding="async"
      loading="lazy"
      referrerPolicy="no-referrer"
      draggable={false}
      onError={() => setFailed(address)}
    />
  )
}

export function RemoteAvatar({ name = '?', src, size = 'md' }: Remote<'Avatar'>) {
  const address = useImageAddress(src)
  const [failed, setFailed] = useState<string>()
  return (
    <span
      className={`m-w-avatar m-w-avatar--${size} m-plugin-icon--hue-${hueIndex(name, 6) + 1}`}
      role="img"
      aria-label={name}
    >
      {address !== undefined && failed !== address ? (
        <img
          src={address}
          alt=""
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setFailed(address)}
        />
      ) : (
        <span aria-hidden="true">{monogram(name)}</span>
      )}
    </span>
  )
}

/** Where the bytes are: in the address itself, or in the files of the plugin's own package. */
function useImageAddress(src: string | undefined): string | undefined {
  const owner = useOwner()
  if (src === undefined || /^data:/i.test(src)) return src
  if (!owner) return undefined
  const { id, version } = owner.plugin
  return `/plugin-files/${encodeURIComponent(id)}/${encodeURIComponent(version)}/${src}`
}
