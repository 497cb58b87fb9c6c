export {
  Badge,
  Button,
  Divider,
  EmptyState,
  Heading,
  Link,
  List,
  ListItem,
  Notice,
  Progress,
  type PropsOf,
  Select,
  Stack,
  Switch,
  Text,
  TextField,
} from './author/components.ts'
export {
  type PermissionHandle,
  useApi,
  useEvent,
  useMortise,
  usePermission,
  useSlotContext,
} from './author/hooks.ts'
export { widget } from './author/widget.tsx'
