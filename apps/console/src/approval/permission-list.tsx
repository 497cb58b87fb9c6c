import type { DescribedPermission, Risk } from '@mortise/contract'
import { Badge, BuiltInTheme, CodeText, RiskBadge, Switch } from '@mortise/react/host'
import type { ReactNode } from 'react'
import { useId } from 'react'

const risks: readonly Risk[] = ['high', 'medium', 'low']

const groupNotes: Readonly<Record<Risk, string>> = {
  high: 'Can change or destroy things people rely on.',
  medium: 'Can see private data or reach outside this host.',
  low: 'Can read or show things with little harm.',
}

interface PermissionListProps<P extends DescribedPermission> {
  readonly permissions: readonly P[]
  /** Whether each is allowed, by name. */
  readonly allowed: ReadonlySet<string>
  readonly disabled?: boolean
  readonly onChange: (name: string, allowed: boolean) => void
  /** Badges after a permission's sentence. */
  readonly note?: (permission: P) => ReactNode
}

/** Permissions as sentences, the most harmful first, each with its own switch. */
export function PermissionList<P extends DescribedPermission>(props: PermissionListProps<P>) {
  return (
    <BuiltInTheme>
      <div className="c-permissions">
        {risks.map((risk) => (
          <RiskGroup key={risk} risk={risk} {...props} />
        ))}
      </div>
    </BuiltInTheme>
  )
}

function RiskGroup<P extends DescribedPermission>({
  risk,
  permissions,
  ...props
}: PermissionListProps<P> & { readonly risk: Risk }) {
  const heading = useId()
  const group = permissions.filter((permission) => permission.risk === risk)
  if (group.length === 0) return null
  return (
    <section className={`c-risk c-risk--${risk}`} aria-labelledby={heading}>
      <header className="c-risk__head">
        <h3 id={heading} className="c-risk__name">
          <RiskBadge risk={risk} />
        </h3>
        <span className="c-risk__note">{groupNotes[risk]}</span>
      </header>
      <ul className="c-risk__list">
        {group.map((permission) => (
          <PermissionRow key={permission.name} permission={permission} {...props} />
        ))}
      </ul>
    </section>
  )
}

function PermissionRow<P extends DescribedPermission>({
  permission,
  allowed,
  disabled,
  onChange,
  note,
}: Omit<PermissionListProps<P>, 'permissions'> & { readonly permission: P }) {
  const { name, known, sentence, dangerous } = permission
  const isAllowed = allowed.has(name)
  return (
    <li className={isAllowed ? 'c-permission' : 'c-permission c-permission--denied'}>
      <div className="c-permission__words">
        <div className="c-permission__sentence">
          {known ? sentence : 'A permission this host does not know. Allowing it opens nothing.'}
        </div>
        <div className="c-permission__facts">
          <CodeText>{name}</CodeText>
          {dangerous && <Badge tone="warning">Dangerous</Badge>}
          {!known && <Badge>Unknown</Badge>}
          {note?.(permission)}
        </div>
      </div>
      <span className="c-permission__state" aria-hidden="true">
        {isAllowed ? 'Allow' : 'Deny'}
      </span>
      <Switch
        label={`Allow ${name}`}
        hideLabel
        checked={isAllowed}
        disabled={disabled}
        onChange={(checked) => onChange(name, checked)}
      />
    </li>
  )
}
