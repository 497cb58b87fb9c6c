/** What most widgets do without. It loads as one piece with the first that does not. */
import '../styles/remote-parts.css'

export { RemoteCode } from './remote-code.tsx'
export { RemoteDialog } from './remote-dialog.tsx'
export {
  RemoteCheckbox,
  RemoteDateField,
  RemoteForm,
  RemoteNumberField,
  RemoteRadioGroup,
  RemoteTextArea,
} from './remote-fields.tsx'
export { RemoteAvatar, RemoteImage } from './remote-media.tsx'
export { RemoteMenu } from './remote-menu.tsx'
export { RemoteStat } from './remote-stat.tsx'
export { RemoteTable } from './remote-table.tsx'
export { RemoteTabs } from './remote-tabs.tsx'
