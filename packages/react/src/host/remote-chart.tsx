import { Chart } from '../components/chart.tsx'
import type { Remote } from './remote-props.ts'

export function RemoteChart({ labels, series, ...rest }: Remote<'Chart'>) {
  return <Chart {...rest} labels={labels ?? []} series={series ?? []} />
}
