import { ownName, useBranding, usePicture } from '../appearance/branding.ts'

/** The console's own mark: a tenon entering its mortise. */
export function OwnMark() {
  return (
    <svg className="c-mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path
        className="c-mark__tenon"
        d="M2 7.5A1.5 1.5 0 0 1 3.5 6H9v3.25h5.5v5.5H9V18H3.5A1.5 1.5 0 0 1 2 16.5z"
      />
      <path
        className="c-mark__mortise"
        d="M11 4.5h9.5A1.5 1.5 0 0 1 22 6v12a1.5 1.5 0 0 1-1.5 1.5H11v-3h5.75v-9H11z"
      />
    </svg>
  )
}

/** The mark of the theme in use, the console's own without one. */
export function Mark() {
  const { mark, logo } = useBranding()
  const picture = usePicture(mark ?? logo)
  return picture === undefined ? (
    <OwnMark />
  ) : (
    <img className="c-brand c-brand--mark" src={picture} alt="" draggable={false} />
  )
}

/** Logo and name of the theme in use, the console's own without them. */
export function Logo() {
  const { name = ownName, logo, mark } = useBranding()
  const picture = usePicture(logo ?? mark)
  return (
    <span className="c-logo">
      {picture === undefined ? (
        <OwnMark />
      ) : (
        <img className="c-brand" src={picture} alt="" draggable={false} />
      )}
      <span className="c-logo__name" title={name}>
        <bdi>{name}</bdi>
      </span>
    </span>
  )
}
