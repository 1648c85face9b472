import { placeOf } from './cassandra/cells.ts';
import type { StoredRow } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { CqlValue } from './cassandra/values.ts';
import { DEAD_LETTERS, type Message } from './oracle.ts';

const TABLE = tableNamed(DEAD_LETTERS);
const KEY_COLUMNS = [...TABLE.partitionColumns, ...TABLE.clusteringColumns];

/** The value of a column of a dead letter, of its key too; undefined when it has none. */
export const valueIn = ({ keys, cells }: StoredRow, column: string): CqlValue | undefined => {
  const key = KEY_COLUMNS.indexOf(column);
  return key === -1 ? (cells[placeOf(TABLE, column)]?.value ?? undefined) : keys[key];
};

/** The message that a dead letter carries. Equal bytes published at one time on one topic are one message. */
export const isCarriedBy = (row: StoredRow, { origin, publishedAtMs, body }: Message): boolean => {
  const publishedAt = valueIn(row, 'published_at');
  const payload = valueIn(row, 'payload');
  return (
    publishedAt instanceof Date &&
    publishedAt.getTime() === publishedAtMs &&
    valueIn(row, 'origin_topic') === origin &&
    payload instanceof Uint8Array &&
    Buffer.compare(payload, body) === 0
  );
};

/** Whether a row is a dead letter of this message with this reason. */
export const isDeadLetterOf = (row: StoredRow, message: Message, reason: string): boolean =>
  valueIn(row, 'reason') === reason && isCarriedBy(row, message);
