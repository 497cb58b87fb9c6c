import { Button, IconButton, TextField } from '@mortise/react/host'
import {
  type Color,
  type CubicBezier,
  type Dimension,
  roleLimits,
  type Shadow,
  type Token,
} from '@mortise/tokens'
import { colorValue, type Written } from '@mortise/tokens/repair'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { memo, useEffect, useState } from 'react'
import { ColorSliders } from './color-sliders.tsx'
import { Track } from './track.tsx'
import { readText, textOf, writeColor } from './values.ts'

interface ValueEditorProps<T extends Token = Token> {
  readonly token: T
  /** Reads `{path}` as an alias; an error where it cannot be one. */
  readonly readAlias?: ((path: string) => ReturnType<typeof readText>) | undefined
  readonly onChange: (value: Written) => void
}

/** What changes a token of its type: things to drag where there are some, and the value as text. */
export function ValueEditor({ token, readAlias, onChange }: ValueEditorProps) {
  // While something is dragged the token itself comes a moment later.
  const [dragged, setDragged] = useState<{ readonly from: Token; readonly now: Token }>()
  const now = dragged?.from === token ? dragged.now : token
  return (
    <div className="s-editor__controls">
      <Handles
        token={now}
        onChange={(value) => {
          setDragged({ from: token, now: { ...now, value } as Token })
          onChange(writtenOf(now.type, value))
        }}
      />
      <TextValue token={token} readAlias={readAlias} onChange={onChange} />
    </div>
  )
}

/** A value as a token file has it. */
function writtenOf(type: Token['type'], value: Token['value']): Written {
  if (type === 'color') return writeColor(value as Color)
  if (type === 'shadow') return { $type: type, $value: (value as readonly Shadow[]).map(writeLayer) }
  return { $type: type, $value: value }
}

interface HandlesProps<T extends Token = Token> {
  readonly token: T
  readonly onChange: (value: T['value']) => void
}

function Handles({ token, onChange }: HandlesProps) {
  const limit = roleLimits.find(({ prefix }) => token.path.startsWith(prefix)) ?? { min: 0, max: 100 }
  switch (token.type) {
    case 'color':
      return (
        <ColorSliders
          color={token.value}
          translucent={token.path.startsWith('color.border.')}
          onChange={onChange}
        />
      )
    case 'dimension': {
      const { unit } = token.value
      return (
        <Track
          label="Size"
          value={pixels(token.value)}
          min={limit.min}
          // `radius.full` is any number that is large enough.
          max={limit.max > 200 ? 32 : limit.max}
          step={token.path.startsWith('font.') ? 0.5 : 1}
          unit="px"
          onChange={(value) => onChange(length(value, unit))}
        />
      )
    }
    case 'duration':
      return (
        <Track
          label="Time"
          value={token.value.value * (token.value.unit === 's' ? 1000 : 1)}
          {...limit}
          step={10}
          unit="ms"
          onChange={(value) => onChange({ value, unit: 'ms' })}
        />
      )
    case 'number':
    case 'fontWeight':
      return (
        <Track
          label={token.type === 'number' ? 'Factor' : 'Weight'}
          value={token.value}
          {...limit}
          step={token.type === 'number' ? 0.05 : 10}
          onChange={(value) => onChange(Number(value.toFixed(2)))}
        />
      )
    case 'shadow':
      return <ShadowLayers token={token} onChange={onChange} />
    case 'cubicBezier':
      return <Curve value={token.value} onChange={onChange} />
    case 'fontFamily':
      return (
        <p className="s-sample" style={{ fontFamily: textOf(token) }}>
          Hamburgefonstiv 0123456789
        </p>
      )
    default:
      return null
  }
}

const fieldLabels: Readonly<Partial<Record<Token['type'], string>>> = {
  color: 'Hex or any CSS color',
  fontFamily: 'Font names, in order',
  shadow: 'Shadow as in CSS',
  cubicBezier: 'Easing as in CSS',
}

/** A value as text. Text that cannot be read is kept in the field and changes nothing. Not drawn anew while something is dragged. */
const TextValue = memo(function TextValue({ token, readAlias, onChange }: ValueEditorProps) {
  const printed = textOf(token)
  const [text, setText] = useState(printed)
  const [error, setError] = useState<string>()
  const [focused, setFocused] = useState(false)
  useEffect(() => {
    if (focused) return
    setText(printed)
    setError(undefined)
  }, [focused, printed])
  return (
    <TextField
      label={fieldLabels[token.type] ?? 'Value as in CSS'}
      mono
      description="Or {another.token} to follow it"
      value={text}
      error={error}
      onFocusChange={setFocused}
      onChange={(next) => {
        setText(next)
        const target = /^\s*\{([^{}]+)\}\s*$/.exec(next)?.[1]?.trim()
        const read = target !== undefined && readAlias ? readAlias(target) : readText(token, next)
        setError('error' in read ? read.error : undefined)
        if ('value' in read) onChange(read.value)
      }}
    />
  )
})

const layerParts = [
  ['offsetX', 'Sideways', -40, 40],
  ['offsetY', 'Down', -40, 40],
  ['blur', 'Blur', 0, 80],
  ['spread', 'Spread', -20, 20],
] as const

const mostLayers = 4

function ShadowLayers({ token, onChange }: HandlesProps<Extract<Token, { type: 'shadow' }>>) {
  const layers = token.value
  const replace = (at: number, part: Partial<Shadow>) =>
    onChange(layers.map((layer, i) => (i === at ? { ...layer, ...part } : layer)))
  return (
    <>
      {layers.map((layer, i) => (
        <fieldset key={i} className="s-layer">
          <legend className="s-layer__name">Layer {i + 1}</legend>
          {layers.length > 1 && (
            <IconButton
              className="s-layer__remove"
              label={`Remove layer ${i + 1}`}
              icon={<Trash2 />}
              size="sm"
              onPress={() => onChange(layers.filter((_, other) => other !== i))}
            />
          )}
          {layerParts.map(([part, label, min, max]) => (
            <Track
              key={part}
              label={label}
              value={pixels(layer[part])}
              min={min}
              max={max}
              step={1}
              unit="px"
              onChange={(value) => replace(i, { [part]: { value, unit: 'px' } })}
            />
          ))}
          <Track
            label="Opacity"
            value={layer.color.alpha * 100}
            max={100}
            step={1}
            unit="%"
            onChange={(value) => replace(i, { color: { ...layer.color, alpha: value / 100 } })}
          />
        </fieldset>
      ))}
      {layers.length < mostLayers && layers[0] && (
        <Button size="sm" icon={<Plus />} onPress={() => onChange([...layers, layers.at(-1)!])}>
          Add a layer
        </Button>
      )}
    </>
  )
}

function writeLayer({ color, ...rest }: Shadow): unknown {
  return { ...rest, color: colorValue(color) }
}

function Curve({
  value,
  onChange,
}: {
  readonly value: CubicBezier
  readonly onChange: (value: CubicBezier) => void
}) {
  const [x1, y1, x2, y2] = value
  const set = (at: number, next: number) =>
    onChange(value.map((n, i) => (i === at ? Number(next.toFixed(2)) : n)) as unknown as CubicBezier)
  return (
    <>
      <svg className="s-curve" viewBox="-10 -40 120 180" aria-hidden="true">
        <path className="s-curve__frame" d="M0 100H100V0" />
        <path
          className="s-curve__handles"
          d={`M0 100L${x1 * 100} ${100 - y1 * 100}M100 0L${x2 * 100} ${100 - y2 * 100}`}
        />
        <path
          className="s-curve__line"
          d={`M0 100C${x1 * 100} ${100 - y1 * 100} ${x2 * 100} ${100 - y2 * 100} 100 0`}
        />
      </svg>
      {(['Start, time', 'Start, way', 'End, time', 'End, way'] as const).map((label, i) => (
        <Track
          key={label}
          label={label}
          value={value[i]!}
          min={i % 2 === 0 ? 0 : -0.5}
          max={i % 2 === 0 ? 1 : 1.5}
          step={0.01}
          onChange={(next) => set(i, next)}
        />
      ))}
    </>
  )
}

function pixels({ value, unit }: Dimension): number {
  return unit === 'px' ? value : value * 16
}

function length(value: number, unit: Dimension['unit']): Dimension {
  return unit === 'px' ? { value, unit } : { value: value / 16, unit }
}
