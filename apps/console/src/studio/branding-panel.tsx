import { themeIconNames } from '@mortise/contract'
import { Button, TextField } from '@mortise/react/host'
import ImageUp from 'lucide-react/icons/file-up'
import { useId } from 'react'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import { ownName } from '../appearance/branding.ts'
import { toastFailure } from '../state/toasts.ts'
import { brandName, type DraftBranding, pictureLimits } from './draft.ts'
import { Segments } from './segments.tsx'
import { change, useStudio } from './studio-store.ts'
import { useDraftPicture } from './use-draft-picture.ts'

const navigations = [
  { value: 'side', label: 'At the side' },
  { value: 'top', label: 'At the top' },
] as const

const densities = [
  { value: 'cosy', label: 'Cosy' },
  { value: 'compact', label: 'Compact' },
] as const

/** What the theme changes beside its tokens: name, logo, place of the navigation, density and icons. */
export function BrandingPanel() {
  const branding = useStudio((state) => state.draft.branding) ?? {}
  const fonts = useStudio((state) => state.draft.fonts)
  const name = branding.name ?? ''
  const icons = Object.keys(branding.icons ?? {}).length
  return (
    <div className="s-panel s-branding">
      <TextField
        label="Name of the console"
        placeholder={ownName}
        description="Shown in place of the host’s, up to 32 characters"
        value={name}
        onChange={(next) => {
          if (next === '') set({ name: undefined }, 'brand name')
          else if (brandName.test(next)) set({ name: next }, 'brand name')
        }}
      />
      <PictureField part="logo" label="Logo" note="Beside the name, 24 pixels high" />
      <PictureField part="mark" label="Mark" note="Where the logo has no room" />
      <Choice label="Navigation">
        <Segments
          label="Navigation"
          value={branding.navigation ?? 'side'}
          options={navigations}
          onChange={(navigation) => set({ navigation })}
        />
      </Choice>
      <Choice label="Density" note="For people who chose none">
        <Segments
          label="Density"
          value={branding.density ?? 'cosy'}
          options={densities}
          onChange={(density) => {
            set({ density })
            useStudio.setState({ density })
          }}
        />
      </Choice>
      <Choice
        label="Icons"
        note={
          icons === 0
            ? 'SVG files named as the icons they take the place of, such as bell.svg'
            : `${icons} of ${themeIconNames.length} are the theme’s own`
        }
      >
        <FileTrigger
          allowsMultiple
          acceptedFileTypes={['image/svg+xml', '.svg']}
          onSelect={(files) => files && void takeIcons([...files])}
        >
          <Button size="sm" icon={<ImageUp />}>
            Choose icons
          </Button>
        </FileTrigger>
        {icons > 0 && (
          <Button size="sm" variant="ghost" label="Remove icons" onPress={() => set({ icons: undefined })}>
            Remove
          </Button>
        )}
      </Choice>
      {fonts && (
        <Choice
          label="Fonts"
          note="They come with the package and are shown to nobody who does not wear the theme."
        >
          <span className="c-clip">{[...new Set(fonts.map(({ family }) => family))].join(', ')}</span>
          <Button size="sm" variant="ghost" label="Remove fonts" onPress={dropFonts}>
            Remove
          </Button>
        </Choice>
      )}
      <p className="c-muted">
        The preview shows all of it, and so does the console while the theme is tried on.
      </p>
    </div>
  )
}

interface PictureFieldProps {
  readonly part: 'logo' | 'mark'
  readonly label: string
  readonly note: string
}

function PictureField({ part, label, note }: PictureFieldProps) {
  const text = useStudio((state) => state.draft.branding?.[part])
  const picture = useDraftPicture(text)
  return (
    <Choice label={label} note={note}>
      {picture !== undefined && (
        <img className="s-branding__picture" src={picture} alt={`${label} of the theme`} />
      )}
      <FileTrigger
        acceptedFileTypes={['image/svg+xml', '.svg']}
        onSelect={(files) => files?.[0] && void takePicture(part, files[0])}
      >
        <Button size="sm" icon={<ImageUp />} label={`Choose an SVG for the ${part}`}>
          Choose an SVG
        </Button>
      </FileTrigger>
      {text !== undefined && (
        <Button
          size="sm"
          variant="ghost"
          label={`Remove the ${part}`}
          onPress={() => set({ [part]: undefined })}
        >
          Remove
        </Button>
      )}
    </Choice>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly note?: string
  readonly children: React.ReactNode
}

function Choice({ label, note, children }: ChoiceProps) {
  const id = useId()
  return (
    <section className="s-branding__choice" aria-labelledby={id}>
      <h2 id={id} className="s-editor__label">
        {label}
      </h2>
      <div className="s-branding__controls">{children}</div>
      {note && <p className="c-muted">{note}</p>}
    </section>
  )
}

/** Changes parts of the branding; a part that is `undefined` goes. */
function set(parts: DraftBranding, key = ''): void {
  const { draft } = useStudio.getState()
  const filled = Object.entries({ ...draft.branding, ...parts }).filter(([, value]) => value !== undefined)
  change({ ...draft, branding: filled.length > 0 ? Object.fromEntries(filled) : undefined }, key)
}

function dropFonts(): void {
  change({ ...useStudio.getState().draft, fonts: undefined })
}

async function takePicture(part: 'logo' | 'mark', file: File): Promise<void> {
  try {
    set({ [part]: await readPicture(file, pictureLimits.logo) })
  } catch (error) {
    toastFailure(`The ${part} was not taken`, error)
  }
}

async function takeIcons(files: readonly File[]): Promise<void> {
  try {
    const taken: Record<string, string> = {}
    for (const file of files) {
      const name = file.name.replace(/\.svg$/i, '')
      if (!themeIconNames.includes(name))
        throw new Error(`${file.name} is not named as an icon of the console.`)
      taken[name] = await readPicture(file, pictureLimits.icon)
    }
    set({ icons: { ...useStudio.getState().draft.branding?.icons, ...taken } })
  } catch (error) {
    toastFailure('The icons were not taken', error)
  }
}

/** @throws Where the file is too large or no picture is left once it is cleaned. */
async function readPicture(file: File, most: number): Promise<string> {
  if (file.size > most) throw new Error(`${file.name} has more than ${most / 1000} kB.`)
  const { cleanSvg } = await import('../appearance/clean-svg.ts')
  const text = await file.text()
  if (cleanSvg(text) === undefined) throw new Error(`${file.name} is not an SVG picture.`)
  return text
}
