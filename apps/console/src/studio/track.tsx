import { Label } from 'react-aria-components/Label'
import { Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components/Slider'
import { hold, settle } from './studio-store.ts'

interface TrackProps {
  readonly label: string
  readonly value: number
  readonly min?: number
  readonly max: number
  readonly step: number
  readonly unit?: string
  /** Background of the track. */
  readonly fill?: string
  readonly onChange: (value: number) => void
}

/** A number to drag. */
export function Track({ label, value, min = 0, max, step, unit = '', fill, onChange }: TrackProps) {
  const shown = Math.min(max, Math.max(min, value))
  return (
    <Slider
      className="s-slider"
      value={shown}
      minValue={min}
      maxValue={max}
      step={step}
      onChange={(next) => {
        hold()
        onChange(next)
      }}
      onChangeEnd={settle}
    >
      <Label className="s-slider__label">{label}</Label>
      <SliderOutput className="s-slider__value">
        {Number(value.toFixed(step < 0.1 ? 3 : 1))}
        {unit}
      </SliderOutput>
      <SliderTrack
        className={fill === undefined ? 's-slider__track' : 's-slider__track s-slider__track--filled'}
        style={fill === undefined ? {} : { backgroundImage: fill }}
      >
        <SliderThumb className="s-slider__thumb" />
      </SliderTrack>
    </Slider>
  )
}
