import CircleAlert from 'lucide-react/icons/circle-alert'
import type { ReactNode } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'

/** What every form field has around its control. */
export interface FieldProps {
  readonly label?: string | undefined
  readonly description?: ReactNode
  /** What is wrong with the value and what to do. Marks the field as invalid. */
  readonly error?: string | undefined
  readonly required?: boolean
  readonly disabled?: boolean | undefined
  /** Keeps the label for screen readers only. */
  readonly hideLabel?: boolean
  readonly name?: string
  readonly className?: string
}

/** Label, control, description and error of a field, in reading order. */
export function FieldBody(props: FieldProps & { readonly children: ReactNode }) {
  const { label, hideLabel, required, description, error, children } = props
  return (
    <>
      {label && (
        <Label className={hideLabel ? 'm-visually-hidden' : 'm-field__label'}>
          {label}
          {required && (
            <span className="m-field__required" aria-hidden="true">
              Required
            </span>
          )}
        </Label>
      )}
      {children}
      {description && (
        <Text slot="description" className="m-field__description">
          {description}
        </Text>
      )}
      <FieldError className="m-field__error">
        {error && (
          <>
            <CircleAlert aria-hidden="true" />
            <span>{error}</span>
          </>
        )}
      </FieldError>
    </>
  )
}
