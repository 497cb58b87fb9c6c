import { Badge, Button, EmptyState, Notice, Spinner } from '@mortise/react/host'
import { type Color, printColor } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import type { ContrastFailure } from '@mortise/tokens/gate'
import { hexOf, isInContext, lookAlikes, type Repair, repairTheme } from '@mortise/tokens/repair'
import ArrowRight from 'lucide-react/icons/arrow-right'
import ShieldCheck from 'lucide-react/icons/shield-check'
import Wand from 'lucide-react/icons/wand-sparkles'
import { useMemo } from 'react'
import { type Draft, type EditContext, withEdit } from './draft.ts'
import { labelOf, visionLabels } from './labels.ts'
import { change, select, useStudio, type View } from './studio-store.ts'
import type { StudioTheme } from './use-theme.ts'
import { writeColor } from './values.ts'

/** Every pair that is hard to read, by the change that mends it. */
export function ContrastPanel({ studio }: { readonly studio: StudioTheme }) {
  const { gate, source, measured } = studio
  const { repairs, left } = useMemo(() => {
    if (gate.passes) return { repairs: [], left: [] }
    const { repairs, after } = repairTheme(baseSource, measured)
    return { repairs, left: after.failures }
  }, [gate, measured])
  if (gate.passes) {
    return (
      <>
        <EmptyState
          icon={<ShieldCheck />}
          size="sm"
          title="Every pair can be read"
          description={`${gate.pairs} pairs in ${gate.permutations} permutations, by WCAG 2.2 and APCA.`}
        />
        <LookAlikes studio={studio} />
      </>
    )
  }
  return (
    <div className="s-panel">
      <div className="s-panel__lead">
        <div className="s-panel__words">
          <span className="c-strong">
            {gate.failures.length} of {gate.pairs} pairs
          </span>
          <span className="c-muted">hard to read, in {gate.permutations} permutations</span>
        </div>
        {repairs.length > 0 && (
          <Button variant="primary" size="sm" icon={<Wand />} onPress={() => accept(repairs)}>
            {repairs.length === 1 ? 'Fix with one change' : `Fix all with ${repairs.length} changes`}
          </Button>
        )}
      </div>
      {measured !== source && <Spinner />}
      {repairs.length > 0 && (
        <ul className="s-cards" aria-label="Repairs">
          {repairs.map((repair) => (
            <RepairCard key={`${repair.context} ${repair.path}`} repair={repair} studio={studio} />
          ))}
        </ul>
      )}
      {left.length > 0 && (
        <section className="s-editor__part">
          <h2 className="s-editor__label">To change by hand</h2>
          <p className="c-muted">No one color passes everywhere that these are shown.</p>
          <ul className="s-rows" aria-label="Failing pairs without a repair">
            {left.map((failure) => (
              <li key={`${failure.foreground} ${failure.background} ${failure.ratio}`}>
                <PairRow failure={failure} path={failure.foreground} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <LookAlikes studio={studio} />
    </div>
  )
}

interface RepairCardProps {
  readonly repair: Repair
  readonly studio: StudioTheme
}

/** One changed color before and after, on the ground it reads worst on, and the pairs it mends. */
function RepairCard({ repair, studio }: RepairCardProps) {
  const { path, before, after, deltaE, pairs } = repair
  const where = labelOf(repair.context)
  const worst = pairs[0]
  const at = placeOf(repair)
  const tokens = studio.theme.resolve(at)
  const other = worst && (worst.foreground === path ? worst.background : worst.foreground)
  const opposite = other === undefined ? undefined : tokens.get(other)
  const ground = opposite?.type === 'color' ? opposite.value : undefined
  const inverse = worst !== undefined && worst.background === path
  return (
    <li className="s-repair">
      <div className="s-repair__head">
        <button type="button" className="s-repair__name" onClick={() => select(path, at)}>
          <span className="c-strong">{path}</span>
          <span className="c-muted">{where}</span>
        </button>
        <Button size="sm" label={`Fix ${path} in ${where}`} onPress={() => accept([repair])}>
          Fix
        </Button>
      </div>
      <div className="s-repair__change">
        <Sample label="Before" color={before} ground={ground} inverse={inverse} />
        <ArrowRight aria-hidden="true" />
        <Sample label="After" color={after} ground={ground} inverse={inverse} />
        <span className="s-repair__delta" title="How far apart the two are: 0.02 is just seen">
          ΔE {deltaE.toFixed(3)}
        </span>
      </div>
      {pairs.length === 0 ? (
        <p className="c-muted">Makes room for another color.</p>
      ) : (
        <ul className="s-pairs" aria-label={`Pairs that ${path} mends`}>
          {pairs.map((failure) => (
            <li key={`${failure.foreground} ${failure.background}`}>
              <PairRow failure={failure} context={repair.context} path={path} />
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

interface SampleProps {
  readonly label: string
  readonly color: Color
  readonly ground: Color | undefined
  /** The color is the ground of the other. */
  readonly inverse: boolean
}

function Sample({ label, color, ground, inverse }: SampleProps) {
  const [front, back] = inverse ? [ground, color] : [color, ground]
  return (
    <span className="s-sample-pair">
      <span
        className="s-sample-pair__box"
        style={{
          color: front && printColor(front),
          backgroundColor: back ? printColor(back) : printColor(color),
        }}
        aria-hidden="true"
      >
        {ground ? 'Aa' : ''}
      </span>
      <span className="s-mono">
        <span className="m-visually-hidden">{label} </span>
        {hexOf(color)}
      </span>
    </span>
  )
}

interface PairRowProps {
  readonly failure: ContrastFailure
  /** Where it is looked at: a context as a repair names it, and the first that fails without one. */
  readonly context?: string
  /** The token that the row is about; the other is named. */
  readonly path: string
}

function PairRow({ failure, context, path }: PairRowProps) {
  const { foreground, background, use, ratio, leastRatio, lightness, leastLightness, standards } = failure
  const words =
    foreground === path
      ? `on ${background}`
      : background === path
        ? `under ${foreground}`
        : `${foreground} on ${background}`
  return (
    <button type="button" className="s-row" onClick={() => select(foreground, viewOf(failure, context))}>
      <span className="c-two-lines">
        <span>{use}</span>
        <span className="c-muted">{words}</span>
      </span>
      <span className="s-row__value">
        {standards.includes('wcag') ? (
          <Badge tone="danger">
            {ratio.toFixed(2)} of {leastRatio}:1
          </Badge>
        ) : (
          <Badge tone="warning">
            Lc {lightness.toFixed(0)} of {leastLightness}
          </Badge>
        )}
      </span>
    </button>
  )
}

/** Chart colors that some people cannot tell apart. */
function LookAlikes({ studio }: { readonly studio: StudioTheme }) {
  const pairs = useMemo(() => lookAlikes(studio.tokens).slice(0, 8), [studio.tokens])
  if (pairs.length === 0) return null
  return (
    <section className="s-editor__part">
      <h2 className="s-editor__label">Look alike to some</h2>
      <Notice>
        Chart colors that are hard to tell apart with this vision. The preset “Color-blind safe” replaces
        them.
      </Notice>
      <ul className="s-rows">
        {pairs.map(({ roles, kind, deltaE }) => (
          <li key={`${roles.join(' ')} ${kind}`}>
            <button type="button" className="s-row" onClick={() => select(roles[0], { vision: kind })}>
              <span className="c-two-lines">
                <span>{roles.join(' and ')}</span>
                <span className="c-muted">{visionLabels[kind]}</span>
              </span>
              <span className="s-row__value">ΔE {deltaE.toFixed(3)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function accept(repairs: readonly Repair[]): void {
  change(
    repairs.reduce<Draft>(
      (draft, { path, context, after }) => withEdit(draft, path, [context as EditContext], writeColor(after)),
      useStudio.getState().draft,
    ),
  )
}

/** What to look at to see the worst pair of a repair, and what a repair without pairs is for. */
function placeOf({ pairs: [worst], context }: Repair): Partial<View> {
  if (worst) return viewOf(worst, context)
  const [axis, value] = context.split(':') as [string, string | undefined]
  if (value !== undefined) return axis === 'motion' ? {} : { [axis]: value }
  return {
    mode: context.startsWith('dark') ? 'dark' : 'light',
    contrast: context.endsWith('-more') ? 'more' : 'normal',
  }
}

function viewOf({ contexts }: ContrastFailure, context?: string): Partial<View> {
  const found = contexts.find((one) => context === undefined || isInContext(one, context))
  if (!found) return {}
  const { mode, contrast, density, direction, brand } = found
  return { mode, contrast, density, direction, brand }
}
