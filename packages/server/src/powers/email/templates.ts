import { faultOfTemplate, type Manifest, MortiseError } from '@mortise/contract'
import type { InstalledPlugin, PluginStore } from '../../plugin-store.ts'
import type { ReadTemplate } from './write-message.ts'

/** Largest file of a template, in bytes. */
const largest = 200_000

/** @throws `PACKAGE_INVALID` for a template that could not be filled in. */
export function checkEmailTemplates(manifest: Manifest, files: ReadonlyMap<string, Uint8Array>): void {
  for (const { name, subject, text, html } of manifest.email.templates ?? []) {
    const parts = [text, html].flatMap((path) => (path === undefined ? [] : (files.get(path) ?? [])))
    if (parts.some(({ length }) => length > largest)) {
      throw refuse(name, `has a file of more than ${largest / 1000} kB.`)
    }
    for (const part of [subject, ...parts.map((bytes) => Buffer.from(bytes).toString('utf8'))]) {
      const fault = faultOfTemplate(part)
      if (fault !== undefined) {
        throw refuse(name, `has '${fault}', which is no name such as {{user}}: letters, digits, "_" and "-".`)
      }
    }
  }
}

/** Reads a template of an installed plugin; `undefined` for one that its manifest does not name. */
export async function readTemplate(
  store: PluginStore,
  plugin: InstalledPlugin,
  name: string,
): Promise<ReadTemplate | undefined> {
  const template = plugin.manifest.email.templates?.find((one) => one.name === name)
  if (!template) return undefined
  const { subject, text, html } = template
  return {
    subject,
    text: await store.readText(plugin, text),
    html: html === undefined ? undefined : await store.readText(plugin, html),
  }
}

function refuse(name: string, what: string): MortiseError {
  return new MortiseError('PACKAGE_INVALID', `The package was refused. The email template '${name}' ${what}`)
}
