import type { ReactElement, ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Separator } from 'react-aria-components/Separator'
import { useScopeAttributes } from './scope-name.ts'

export interface MenuEntry {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  /** Second line, for entries whose name does not say enough. */
  readonly description?: string | undefined
  /** Shown at the end of the line, such as a keyboard hint. */
  readonly hint?: ReactNode
  readonly tone?: 'default' | 'danger' | undefined
  readonly disabled?: boolean | undefined
  readonly onAction: () => void
}

export interface MenuProps {
  /** Read by screen readers. */
  readonly label: string
  /** A Button or IconButton. */
  readonly trigger: ReactElement
  /** `'separator'` draws a line between groups. */
  readonly items: readonly (MenuEntry | 'separator')[]
  readonly placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end'
}

/** Actions behind one button. */
export function Menu({ label, trigger, items, placement = 'bottom end' }: MenuProps) {
  const scope = useScopeAttributes()
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="m-popover m-menu-popover" placement={placement} offset={4} {...scope}>
        <AriaMenu className="m-menu" aria-label={label}>
          {items.map((item, index) =>
            item === 'separator' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a separator has no identity but its place
              <Separator key={index} className="m-menu__separator" />
            ) : (
              <MenuItem
                key={item.id}
                id={item.id}
                textValue={item.label}
                isDisabled={item.disabled ?? false}
                className={`m-option m-option--${item.tone ?? 'default'}`}
                onAction={item.onAction}
              >
                {item.icon && (
                  <span className="m-option__icon" aria-hidden="true">
                    {item.icon}
                  </span>
                )}
                <span className="m-option__label">
                  {item.label}
                  {item.description && <span className="m-option__description">{item.description}</span>}
                </span>
                {item.hint && <span className="m-option__hint">{item.hint}</span>}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
