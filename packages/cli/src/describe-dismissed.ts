/** What was taken note of, for people. */
export function describeDismissed(receiver: string, lost: number, lostAt: string | null): string {
  if (lost === 0 || lostAt === null) return `${receiver} lost nothing that nobody took note of.`
  const events = lost === 1 ? '1 lost event is' : `${lost} lost events are`
  return `${events} dismissed; the last of ${receiver} was lost at ${lostAt}.`
}
