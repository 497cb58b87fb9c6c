/** A turning ring. Decoration only: the text beside it says what is under way. */
export function Spinner() {
  return <span className="m-spinner" aria-hidden="true" />
}
