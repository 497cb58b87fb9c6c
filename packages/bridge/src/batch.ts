/**
 * Many calls in one message. Most of what a batch costs is cloning, and most of that are names, small objects and
 * their keys: so calls of one method in a row share its name, and answers that went well are bare values.
 */
import type { BatchAnswer, CallResult, CallRun, CallTuple, ErrorRecord } from '@mortise/contract'

type OpenRun = [method: string, args: (readonly unknown[])[], key?: number]

/** The guest's side: what calls are sent as, in their order. */
export function packCalls(calls: readonly CallTuple[]): readonly CallRun[] {
  const runs: OpenRun[] = []
  for (const [method, args, key] of calls) {
    const last = runs.at(-1)
    if (key !== undefined) runs.push([method, [args], key])
    else if (last?.[0] === method && last.length === 2) last[1].push(args)
    else runs.push([method, [args]])
  }
  return runs
}

/** The host's side: the answer to results in the order of their calls. */
export function packResults(results: readonly CallResult[]): BatchAnswer {
  const failures: [number, ErrorRecord][] = []
  const values = results.map((result, index) => {
    if (result.ok) return result.value
    failures.push([index, result.error])
    return undefined
  })
  return [values, failures]
}

/** The guest's side: results of an answer. Calls that it leaves out have none, and none has one where it is no answer. */
export function readResults(answer: BatchAnswer): readonly (CallResult | undefined)[] {
  try {
    const results: CallResult[] = answer[0].map((value) => ({ ok: true, value }))
    for (const [index, error] of answer[1]) results[index] = { ok: false, error }
    return results
  } catch {
    return []
  }
}
