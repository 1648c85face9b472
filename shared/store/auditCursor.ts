import { z } from 'zod';
import { type CassandraClient } from './cassandraClient.ts';
import { readRows } from './readPages.ts';
import { toStoreError } from './toStoreError.ts';

/** Where the scheduled audit goes on, and when it began this pass over the ring. */
export interface AuditCursor {
  readonly nextSlice: number;
  /** Into how many slices the ring was cut when `nextSlice` was counted. */
  readonly slices: number;
  readonly passStartedAtMs: number;
}

export interface AuditCursorStore {
  /** Undefined before the first call. */
  readonly read: () => Promise<AuditCursor | undefined>;
  readonly write: (cursor: AuditCursor) => Promise<void>;
}

const NAME = 'scheduled';
const rowSchema = z.object({ next_slice: z.int(), slices: z.int(), pass_started_at: z.date() });

/** The cursor in its table. Whichever of two writes comes last holds: a slice that is looked at twice does no harm. */
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
