import { z } from 'zod';
import { type CassandraClient } from './cassandraClient.ts';
import { readRows } from './readPages.ts';
import { toStoreError } from './toStoreError.ts';

/** Where the scheduled audit continues, and when it began its current pass over the ring. */
export interface AuditCursor {
  readonly nextSlice: number;
  /** The number of slices of the ring when `nextSlice` was counted. */
  readonly slices: number;
  /** Milliseconds since the epoch. */
  readonly passStartedAtMs: number;
}

export interface AuditCursorStore {
  /** Undefined before the first `write`. */
  readonly read: () => Promise<AuditCursor | undefined>;
  readonly write: (cursor: AuditCursor) => Promise<void>;
}

const NAME = 'scheduled';
const rowSchema = z.object({ next_slice: z.int(), slices: z.int(), pass_started_at: z.date() });

/**
 * Keeps the cursor in its table. Of two writes, the later one stays. So two audits at once may look at a
 * slice twice, which does no harm. Both methods throw TransientError when the store does not answer.
 */
export const createAuditCursorStore = (client: CassandraClient): AuditCursorStore => ({
  read: async () => {
    const query = 'SELECT next_slice, slices, pass_started_at FROM audit_cursor WHERE name = ?';
    const [row] = await readRows(client, query, [NAME], 1);
    if (row === undefined) return undefined;
    const { next_slice: nextSlice, slices, pass_started_at: startedAt } = rowSchema.parse(row);
    return { nextSlice, slices, passStartedAtMs: startedAt.getTime() };
  },
  write: async ({ nextSlice, slices, passStartedAtMs }) => {
    try {
      const connection = await client.connect();
      await connection.execute(
        'INSERT INTO audit_cursor (name, next_slice, slices, pass_started_at) VALUES (?, ?, ?, ?)',
        [NAME, nextSlice, slices, new Date(passStartedAtMs)],
      );
    } catch (error) {
      throw toStoreError(error);
    }
  },
});
