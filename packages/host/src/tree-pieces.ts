/**
 * Cuts the changes of a component tree into pieces that are read and drawn apart, so that the page has its turn in
 * between however much one message holds.
 */
import { PacedQueue } from '@mortise/bridge/host'

/** Components of one piece, about. */
const pieceNodes = 100
/** Components read before the event loop goes round: a few milliseconds of work. */
const nodesPerTurn = 400

type Insert = readonly [type: 0, parent: unknown, node: unknown, index: unknown]

export interface TreePiece {
  readonly records: readonly unknown[]
  /** Components they hold, or changes of one. */
  readonly nodes: number
}

/** Records in pieces of about as many components each, a record that holds more as several. */
export function cutRecords(records: readonly unknown[]): readonly TreePiece[] {
  const pieces: TreePiece[] = []
  let piece: unknown[] = []
  let held = 0
  const close = () => {
    if (piece.length > 0) pieces.push({ records: piece, nodes: held })
    piece = []
    held = 0
  }
  const put = (record: unknown, nodes: number) => {
    if (held + nodes > pieceNodes) close()
    piece.push(record)
    held += nodes
  }
  const insert = ([, parent, node, index]: Insert) => {
    const nodes = countNodes(node, pieceNodes)
    if (nodes <= pieceNodes) {
      put([0, parent, node, index], nodes)
      return
    }
    const { children, ...shallow } = node as { readonly id: unknown; readonly children: readonly unknown[] }
    put([0, parent, { ...shallow, children: [] }, index], 1)
    for (const [at, child] of children.entries()) insert([0, shallow.id, child, at])
  }
  for (const record of records) {
    if (Array.isArray(record) && record[0] === 0) insert(record as unknown as Insert)
    else put(record, 1)
  }
  close()
  return pieces
}

/** Components below and with a node, as far as a limit and one beyond it. */
function countNodes(node: unknown, limit: number): number {
  const children = (node as { children?: unknown } | null | undefined)?.children
  let count = 1
  if (!Array.isArray(children)) return count
  for (const child of children) {
    count += countNodes(child, limit - count)
    if (count > limit) break
  }
  return count
}

/** One line for all trees of a page: their turns would add up otherwise. */
const line: PacedQueue<[nodes: number, draw: () => void]> = new PacedQueue(([nodes, draw]) => {
  line.spend(nodes - 1)
  draw()
}, nodesPerTurn)

/** Calls back when it is the turn of a piece, which may be now. */
export function awaitTurn({ nodes }: TreePiece, draw: () => void): void {
  line.push([nodes, draw])
}
