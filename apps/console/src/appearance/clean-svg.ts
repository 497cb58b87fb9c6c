import createPurifier from 'dompurify'

/** Attributes whose value may name something else: only a part of the same picture is let through. */
const inside = /^#[\w.-]+$/
const insideUrl = /^\s*url\(\s*(['"]?)#[\w.-]+\1\s*\)\s*$/

const purifier = createPurifier(window)
purifier.addHook('uponSanitizeAttribute', (_element, data) => {
  const { attrName, attrValue } = data
  const named = /(^|:)href$/.test(attrName)
  if (
    named
      ? !inside.test(attrValue)
      : /url|image|expression|[\\@]/i.test(attrValue) && !insideUrl.test(attrValue)
  ) {
    data.keepAttr = false
  }
})

/**
 * A picture of a package with everything taken out that could run, load or
 * refer to anything, as an address for an `img` or a mask: there the browser
 * itself runs and loads nothing, so each of the two would do alone.
 *
 * @returns Nothing where no picture is left.
 */
export function cleanSvg(text: string): string | undefined {
  const svg = cleanSvgElement(text)
  return svg && svgAddress(svg)
}

/** The same as an element that is in no document. */
export function cleanSvgElement(text: string): SVGSVGElement | undefined {
  const fragment = purifier.sanitize(text, {
    USE_PROFILES: { svg: true },
    FORBID_TAGS: ['style', 'a', 'image', 'use', 'foreignobject', 'script', 'switch'],
    FORBID_ATTR: ['style', 'class'],
    ALLOW_DATA_ATTR: false,
    ALLOW_UNKNOWN_PROTOCOLS: false,
    RETURN_DOM_FRAGMENT: true,
  })
  const svg = fragment.firstElementChild
  return svg instanceof SVGSVGElement && fragment.childElementCount === 1 ? svg : undefined
}

/** Holds no character that could end a quoted address. */
export function svgAddress(svg: SVGSVGElement): string {
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`
}
