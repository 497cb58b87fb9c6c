import type { ReactNode } from 'react'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'

interface SegmentsProps<T extends string> {
  /** Read by screen readers. */
  readonly label: string
  readonly value: T
  readonly options: readonly {
    readonly value: T
    readonly label: string
    /** Drawn instead of the label. */
    readonly icon?: ReactNode
    readonly disabled?: boolean
  }[]
  readonly onChange: (value: T) => void
  readonly className?: string
}

/** One of a few, side by side. */
export function Segments<T extends string>({ label, value, options, onChange, className }: SegmentsProps<T>) {
  return (
    <RadioGroup
      className={className ? `s-segments ${className}` : 's-segments'}
      orientation="horizontal"
      aria-label={label}
      value={value}
      onChange={(next) => onChange(next as T)}
    >
      {options.map((option) => (
        <Radio
          key={option.value}
          value={option.value}
          className="s-segment"
          isDisabled={option.disabled ?? false}
          {...(option.icon ? { 'aria-label': option.label } : {})}
        >
          {option.icon ?? option.label}
        </Radio>
      ))}
    </RadioGroup>
  )
}
