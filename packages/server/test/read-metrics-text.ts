interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{([^\n]*)\})? (\S+)$/
const labelPair = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gy

/** Reads the Prometheus text form, strictly. @throws For a line that Prometheus would refuse. */
export function readMetricsText(text: string) {
  const samples: Sample[] = []
  const types = new Map<string, string>()
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line)
    if (type) {
      if (types.has(type[1]!)) throw new Error(`Typed twice: ${line}`)
      types.set(type[1]!, type[2]!)
    } else if (line !== '' && !line.startsWith('# HELP ')) samples.push(readSample(line))
  }
  const matching = (name: string, labels: Sample['labels']) =>
    samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
  return {
    text,
    samples,
    names: () => [...types.keys()],
    value: (name: string, labels: Sample['labels']) => matching(name, labels)[0]?.value,
    /** The upper end of the bucket in which the quantile lies. */
    quantile(name: string, labels: Sample['labels'], quantile: number) {
      const buckets = matching(`${name}_bucket`, labels)
      const count = matching(`${name}_count`, labels)[0]?.value ?? 0
      return Number(buckets.find(({ value }) => value >= count * quantile)?.labels.le)
    },
  }
}

function readSample(line: string): Sample {
  const [, name, inside = '', number] = sampleLine.exec(line) ?? []
  if (name === undefined || number === undefined) throw new Error(`No sample: ${line}`)
  const labels: Record<string, string> = {}
  let end = 0
  labelPair.lastIndex = 0
  for (let pair = labelPair.exec(inside); pair; pair = labelPair.exec(inside)) {
    labels[pair[1]!] = pair[2]!.replace(/\\([\\"n])/g, (_all, char) => (char === 'n' ? '\n' : char))
    end = labelPair.lastIndex
  }
  if (end !== inside.length) throw new Error(`Labels cannot be read: ${line}`)
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) }
}
