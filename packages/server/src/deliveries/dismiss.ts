import { MortiseError, type PublishedEvent } from '@mortise/contract'
import type { Transact } from '../transact.ts'

/**
 * Takes note of what a receiver lost, up to the loss that was shown. The log of
 * events says who did, and how many there were.
 *
 * @param lostAt - When the newest loss was that the person saw.
 * @throws `CONFLICT` where more was lost since, or nothing is left to dismiss.
 */
export function dismissLost(
  transact: Transact,
  receiver: string,
  lostAt: string,
  about: (lost: number) => PublishedEvent,
): Promise<void> {
  return transact(async (transaction, emit) => {
    const row = await transaction
      .selectFrom('mortise_behind')
      .selectAll()
      .where('receiver', '=', receiver)
      .executeTakeFirst()
    const lost = (row?.lost ?? 0) - (row?.dismissed ?? 0)
    if (!row || row.lost_at !== lostAt || lost === 0) {
      throw new MortiseError('CONFLICT', 'What was lost is not what you saw. Read it again, then dismiss it.')
    }
    await transaction
      .updateTable('mortise_behind')
      .set({ dismissed: row.lost })
      .where('receiver', '=', receiver)
      .execute()
    emit(about(lost))
  })
}
