import { hueIndex, monogram } from './monogram.ts'

export interface PluginIconProps {
  /** The plugin's id: decides the colour. */
  readonly id: string
  readonly name: string
  readonly size?: 'sm' | 'md' | 'lg'
}

/**
 * A tile with the plugin's letters, drawn by the host. Plugins bring no picture
 * of their own here, so none can wear the host's.
 */
export function PluginIcon({ id, name, size = 'sm' }: PluginIconProps) {
  return (
    <span
      className={`m-plugin-icon m-plugin-icon--${size} m-plugin-icon--hue-${hueIndex(id, 6) + 1}`}
      aria-hidden="true"
    >
      {monogram(name)}
    </span>
  )
}
