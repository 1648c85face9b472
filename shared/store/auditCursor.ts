import * as z from 'zod';
import { nameToPlace, placeToName } from './auditKeys.ts';
import { type CassandraClient } from './driver/cassandraClient.ts';
import { readRows } from './driver/readPages.ts';
import type { ScanPlace } from './auditSource.ts';
import { toStoreError } from './driver/toStoreError.ts';

/** Where the scheduled audit goes on, and when it began its current pass. Times are in milliseconds. */
export interface AuditCursor {
  readonly place: ScanPlace;
  readonly passStartedAtMs: number;
  /** What was first suspected up to this time has been looked at again. */
  readonly lookedAgainUpToMs: number;
}

export interface AuditCursorStore {
  /** Undefined before the first `write`. */
  readonly read: () => Promise<AuditCursor | undefined>;
  readonly write: (cursor: AuditCursor) => Promise<void>;
}

const NAME = 'scheduled';
const rowSchema = z.object({
  in_table: z.string(),
  behind: z.string(),
  pass_started_at: z.date(),
  looked_again_up_to: z.date(),
});

/**
 * Keeps the cursor in its table. Of two writes, the later one stays. So two audits at once may look at a row
 * twice, which does no harm. Both methods throw TransientError when the store does not answer.
 */
export const createAuditCursorStore = (client: CassandraClient): AuditCursorStore => ({
  read: async () => {
    const query =
      'SELECT in_table, behind, pass_started_at, looked_again_up_to FROM audit_cursor WHERE name = ?';
    const [row] = await readRows(client, { query, params: [NAME], pageRows: 1 });
    if (row === undefined) return undefined;
    const { in_table, behind, pass_started_at, looked_again_up_to } = rowSchema.parse(row);
    const place = nameToPlace({ table: in_table, key: behind });
    return (
      place && {
        place,
        passStartedAtMs: pass_started_at.getTime(),
        lookedAgainUpToMs: looked_again_up_to.getTime(),
      }
    );
  },
  write: async ({ place, passStartedAtMs, lookedAgainUpToMs }) => {
    const { table, key } = placeToName(place);
    try {
      const connection = await client.connect();
      await connection.execute(
        'INSERT INTO audit_cursor (name, in_table, behind, pass_started_at, looked_again_up_to) VALUES (?, ?, ?, ?, ?)',
        [NAME, table, key, new Date(passStartedAtMs), new Date(lookedAgainUpToMs)],
      );
    } catch (error) {
      throw toStoreError(error);
    }
  },
});
