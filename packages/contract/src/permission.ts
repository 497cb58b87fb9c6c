/** How much harm a permission can do in the wrong hands. */
export type Risk = 'low' | 'medium' | 'high'

/** One permission of a domain. */
export interface PermissionDefinition {
  readonly risk: Risk
  /** What a person reads before approving, as a sentence without the plugin's name. */
  readonly sentence: string
  /** Shown as a badge beside the risk, for permissions that reach outside the host. */
  readonly dangerous?: boolean
}

/** A permission as a plugin asks for it, ready to be shown. */
export interface DescribedPermission extends PermissionDefinition {
  readonly name: string
  /** Whether a domain of this host defines it. An unknown permission opens nothing. */
  readonly known: boolean
}

/** What a person or a policy said about one permission. `pending` means nobody has said anything yet. */
export type Decision = 'granted' | 'denied' | 'pending'

/** Words for a permission, from the first domain that defines it. An unknown name is medium, never low. */
export function describePermission(
  name: string,
  domains: readonly { readonly permissions: Readonly<Record<string, PermissionDefinition>> }[],
): DescribedPermission {
  for (const domain of domains) {
    const found = Object.hasOwn(domain.permissions, name) ? domain.permissions[name] : undefined
    if (found) return { name, known: true, ...found }
  }
  return { name, known: false, risk: 'medium', sentence: name }
}
