import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowRight from 'lucide-react/icons/arrow-right'
import ArrowUp from 'lucide-react/icons/arrow-up'
import type { Remote } from './remote-props.ts'

const trends = {
  up: { Arrow: ArrowUp, word: 'Up' },
  down: { Arrow: ArrowDown, word: 'Down' },
  flat: { Arrow: ArrowRight, word: 'Unchanged' },
} as const

export function RemoteStat({ label, value, delta, trend, tone = 'neutral', note }: Remote<'Stat'>) {
  const { Arrow, word } = trend ? trends[trend] : {}
  return (
    <div className={`m-w-stat m-tone-${tone}`}>
      <span className="m-w-stat__label">{label}</span>
      <span className="m-w-stat__line">
        <span className="m-w-stat__value">{value ?? '–'}</span>
        {(delta || Arrow) && (
          <span className="m-w-stat__delta">
            {Arrow && <Arrow aria-hidden="true" />}
            {word && <span className="m-visually-hidden">{word}</span>}
            {delta}
          </span>
        )}
      </span>
      {note && <span className="m-w-stat__note">{note}</span>}
    </div>
  )
}
