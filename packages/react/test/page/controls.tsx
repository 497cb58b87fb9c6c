import { useState } from 'react'
import {
  Button,
  ConfirmDialog,
  createToasts,
  Dialog,
  Menu,
  OutboundLink,
  Select,
  Switch,
  Table,
  TextField,
  ToastRegion,
} from '../../src/host/index.ts'
import { say } from './fixture.ts'

const toasts = createToasts()
const unsafe = ['javascript', 'alert(1)'].join(':')
const rows = ['w-10', 'w-9', 'w-1'].map((name) => ({ name }))

export function Controls() {
  const [dialog, setDialog] = useState(false)
  const [question, setQuestion] = useState(false)
  const [state, setState] = useState('a')
  return (
    <main>
      <Button onPress={() => say('pressed')}>Press</Button>
      <Button disabled onPress={() => say('pressed disabled')}>
        Disabled
      </Button>
      <Button loading onPress={() => say('pressed loading')}>
        Loading
      </Button>
      <Menu
        label="Things"
        trigger={<Button>Menu</Button>}
        items={[
          { id: 'one', label: 'One', onAction: () => say('one') },
          { id: 'off', label: 'Off', disabled: true, onAction: () => say('off') },
          'separator',
          { id: 'two', label: 'Two', tone: 'danger', onAction: () => say('two') },
        ]}
      />
      <Select
        label="State"
        value={state}
        options={[
          { value: 'a', label: 'Alpha' },
          { value: 'b', label: 'Beta' },
          { value: 'c', label: 'Gamma' },
        ]}
        onChange={(value) => {
          say(`state ${value}`)
          setState(value)
        }}
      />
      <Switch label="Live" onChange={(on) => say(`live ${on}`)} />
      <TextField label="Address" error="Is not an address." defaultValue="x" />
      <Table
        label="Names"
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          { id: 'name', header: 'Name', cell: (row) => row.name, sortValue: (row) => row.name },
          { id: 'note', header: 'Note', cell: () => '–' },
        ]}
        onRowPress={(row) => say(`row ${row.name}`)}
        actions={(row) => (
          <Button size="sm" onPress={() => say(`action ${row.name}`)}>
            Act
          </Button>
        )}
      />
      <Button onPress={() => setDialog(true)}>Open dialog</Button>
      <Dialog open={dialog} onOpenChange={setDialog} title="Settings" footer={<Button>Save</Button>}>
        <TextField label="Inside" />
      </Dialog>
      <Button onPress={() => setQuestion(true)}>Ask</Button>
      <ConfirmDialog
        open={question}
        onOpenChange={setQuestion}
        title="Uninstall?"
        confirmLabel="Uninstall"
        tone="danger"
        onConfirm={() => {
          say('confirmed')
          setQuestion(false)
        }}
      />
      <Button
        onPress={() =>
          toasts.show({ title: 'Hibernated', action: { label: 'Undo', onPress: () => say('undone') } })
        }
      >
        Toast
      </Button>
      <OutboundLink href={unsafe}>Unsafe</OutboundLink>
      <OutboundLink href="https://user@пример.example/x">Safe</OutboundLink>
      <ToastRegion toasts={toasts} />
    </main>
  )
}
