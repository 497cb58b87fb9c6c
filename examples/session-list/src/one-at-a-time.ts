/** Runs the task; asked again while it runs, runs it once more after. A burst of events costs two reads. */
export function oneAtATime(task: () => Promise<void>): () => void {
  let state: 'idle' | 'running' | 'again' = 'idle'
  const run = async () => {
    state = 'running'
    await task()
    const again = state === ('again' as typeof state)
    state = 'idle'
    if (again) await run()
  }
  return () => {
    if (state === 'idle') void run()
    else state = 'again'
  }
}
