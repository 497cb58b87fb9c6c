/**
 * Runs the task; asked again while it runs, runs it once more after. A burst of
 * events costs two reads. The task catches its own errors.
 */
export function oneAtATime(task: () => Promise<void>): () => void {
  let running = false
  let again = false
  const run = async () => {
    running = true
    do {
      again = false
      await task()
    } while (again)
    running = false
  }
  return () => {
    again = true
    if (!running) void run()
  }
}
