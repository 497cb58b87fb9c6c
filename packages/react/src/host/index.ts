export { Badge, type BadgeProps, RiskBadge, type Tone } from '../components/badge.tsx'
export { Button, type ButtonProps, IconButton, type IconButtonProps } from '../components/button.tsx'
export {
  ConfirmDialog,
  type ConfirmDialogProps,
  Dialog,
  type DialogProps,
} from '../components/dialog.tsx'
export {
  EmptyState,
  type EmptyStateProps,
  Notice,
  type NoticeProps,
  Progress,
  type ProgressProps,
  ToneIcon,
} from '../components/feedback.tsx'
export type { FieldProps } from '../components/field.tsx'
export {
  Breadcrumb,
  Card,
  type CardProps,
  type Crumb,
  PageHeader,
  type PageHeaderProps,
  Section,
  type SectionProps,
} from '../components/layout.tsx'
export { Menu, type MenuEntry, type MenuProps } from '../components/menu.tsx'
export { NumberField, type NumberFieldProps } from '../components/number-field.tsx'
export { PluginIcon, type PluginIconProps } from '../components/plugin-icon.tsx'
export { RadioGroup, type RadioGroupProps, type RadioOption } from '../components/radio-group.tsx'
export { Select, type SelectOption, type SelectProps } from '../components/select.tsx'
export { Skeleton, type SkeletonProps } from '../components/skeleton.tsx'
export type { SortState, SortValue } from '../components/sort-rows.ts'
export { Spinner } from '../components/spinner.tsx'
export { Table, type TableColumn, type TableProps } from '../components/table.tsx'
export { type TabItem, Tabs, type TabsProps } from '../components/tabs.tsx'
export { CodeText, Kbd, Link, type LinkProps, OutboundLink, Tag } from '../components/text.tsx'
export {
  DateField,
  type DateFieldProps,
  SearchField,
  type SearchFieldProps,
  TextArea,
  type TextAreaProps,
  TextField,
  type TextFieldProps,
} from '../components/text-field.tsx'
export { createToasts, type ToastMessage, ToastRegion, type Toasts } from '../components/toast.tsx'
export { Checkbox, Switch, type ToggleProps } from '../components/toggles.tsx'
export { Tooltip, type TooltipProps } from '../components/tooltip.tsx'
export type { FrameMenuActions, PluginSection } from './frame-menu.tsx'
export {
  HostProvider,
  type HostProviderProps,
  useHost,
  useHostState,
  usePlugins,
  useWidgets,
} from './host-context.tsx'
export { Slot, type SlotProps } from './slot.tsx'
export { BuiltInTheme, ThemeScope, type ThemeScopeProps } from './theme-scope.tsx'
export { WidgetFrame, type WidgetFrameProps } from './widget-frame.tsx'
