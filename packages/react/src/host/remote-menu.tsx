import Ellipsis from 'lucide-react/icons/ellipsis'
import { Button, IconButton } from '../components/button.tsx'
import { Menu, type MenuEntry } from '../components/menu.tsx'
import { RemoteIcon } from './remote-icon.tsx'
import type { Remote, Structure } from './remote-props.ts'

const mostItems = 100

export function RemoteMenu({
  label = 'Menu',
  icon,
  iconOnly,
  variant,
  size = 'sm',
  ...rest
}: Structure<'Menu'>) {
  const glyph = icon && <RemoteIcon name={icon} />
  return (
    <Menu
      label={label}
      placement={iconOnly ? 'bottom end' : 'bottom start'}
      trigger={
        iconOnly ? (
          <IconButton
            label={label}
            icon={glyph ?? <Ellipsis />}
            size={size}
            variant={variant ?? 'ghost'}
            disabled={rest.disabled}
          />
        ) : (
          <Button icon={glyph} size={size} variant={variant} disabled={rest.disabled} menu>
            {label}
          </Button>
        )
      }
      items={rest.parts.slice(0, mostItems).flatMap((part): readonly (MenuEntry | 'separator')[] => {
        if (part.name === 'Divider') return ['separator']
        if (part.name !== 'MenuItem') return []
        const props = part.props as Remote<'MenuItem'>
        return [
          {
            id: part.key,
            label: props.label ?? 'Action',
            description: props.description,
            icon: props.icon && <RemoteIcon name={props.icon} />,
            tone: props.tone,
            disabled: props.disabled,
            onAction: () => props.onPress?.(),
          },
        ]
      })}
    />
  )
}
