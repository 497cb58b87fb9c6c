const styleId = 'react-aria-pressable-style'

/**
 * Takes the id under which React Aria would write a `<style>` element into the
 * page: a content security policy without `unsafe-inline` blocks its text and
 * reports a violation. The rule itself is in `styles/base.css`.
 */
export function reservePressableStyle(): void {
  if (typeof document === 'undefined' || document.getElementById(styleId)) return
  const marker = document.createElement('meta')
  marker.id = styleId
  document.head.append(marker)
}
