import { themeIconNames } from '@mortise/contract'
import type { ComponentType } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'

it.each(themeIconNames)('the icon %s has the class by which a theme draws it', async (name) => {
  const { default: Icon } = (await import(`lucide-react/icons/${name}`)) as { default: ComponentType }
  const [, classes = ''] = /class="([^"]*)"/.exec(renderToStaticMarkup(<Icon />)) ?? []
  expect(classes.split(' ')).toContain(`lucide-${name}`)
})
