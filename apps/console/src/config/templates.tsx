import { Button, IconButton, TextField } from '@mortise/react/host'
import {
  ADDITIONAL_PROPERTY_FLAG,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  type FieldTemplateProps,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type WrapIfAdditionalTemplateProps,
} from '@rjsf/utils'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'

/** Label, description and error are drawn by the widgets, which have them in the right places. */
function FieldTemplate(props: FieldTemplateProps) {
  if (props.hidden) return <div hidden>{props.children}</div>
  return <WrapIfAdditional {...props}>{props.children}</WrapIfAdditional>
}

function WrapIfAdditional(props: WrapIfAdditionalTemplateProps) {
  const { schema, label, children, disabled, readonly, onKeyRename, onRemoveProperty } = props
  const [key, setKey] = useState(label)
  if (!(ADDITIONAL_PROPERTY_FLAG in schema)) return children
  return (
    <div className="c-form__additional">
      <TextField
        label="Name"
        value={key}
        disabled={disabled || readonly}
        onChange={setKey}
        onFocusChange={(focused) => {
          if (!focused && key !== label && key !== '') onKeyRename(key)
        }}
      />
      {children}
      <IconButton
        label={`Remove ${label}`}
        icon={<Trash2 />}
        disabled={disabled}
        onPress={onRemoveProperty}
      />
    </div>
  )
}

function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { properties, title, description, fieldPathId, schema, disabled, onAddProperty, errorSchema } = props
  const canAdd = schema.additionalProperties !== undefined && schema.additionalProperties !== false
  const own = errorSchema?.__errors?.[0]
  const fields = (
    <>
      {own && (
        <p className="c-form__error" role="alert">
          {own}
        </p>
      )}
      {properties.map(({ content }) => content)}
      {canAdd && (
        <Button size="sm" icon={<Plus />} disabled={disabled} onPress={onAddProperty}>
          Add field
        </Button>
      )}
    </>
  )
  if (fieldPathId.path.length === 0) return <div className="c-form">{fields}</div>
  return (
    <fieldset className="c-form__group">
      <legend className="m-field__label">{title}</legend>
      {description && <p className="m-field__description">{description}</p>}
      <div className="c-form">{fields}</div>
    </fieldset>
  )
}

function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { title, schema, items, canAdd, disabled, readonly, onAddClick, rawErrors } = props
  return (
    <fieldset className="c-form__group">
      <legend className="m-field__label">{title}</legend>
      {schema.description && <p className="m-field__description">{schema.description}</p>}
      {items.length > 0 && <ul className="c-form__items">{items}</ul>}
      {rawErrors?.[0] && <p className="c-form__error">{rawErrors[0]}</p>}
      {canAdd && (
        <Button
          size="sm"
          icon={<Plus />}
          label={`Add to ${title}`}
          disabled={disabled || readonly}
          onPress={() => onAddClick()}
        >
          Add
        </Button>
      )}
    </fieldset>
  )
}

function ArrayFieldItemTemplate({ children, buttonsProps, index, disabled }: ArrayFieldItemTemplateProps) {
  return (
    <li className="c-form__item">
      {children}
      {buttonsProps.hasRemove && (
        <IconButton
          label={`Remove item ${index + 1}`}
          icon={<Trash2 />}
          disabled={disabled}
          onPress={() => buttonsProps.onRemoveItem()}
        />
      )}
    </li>
  )
}

const Nothing = () => null

/** Layout of the form, with the host's own components. */
export const templates: Partial<TemplatesType> = {
  FieldTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  WrapIfAdditionalTemplate: WrapIfAdditional,
  ErrorListTemplate: Nothing,
  FieldErrorTemplate: Nothing,
  FieldHelpTemplate: Nothing,
  TitleFieldTemplate: Nothing,
  DescriptionFieldTemplate: Nothing,
}
