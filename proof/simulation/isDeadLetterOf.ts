import { placeOf } from './cassandra/cells.ts';
import type { StoredRow } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { CqlValue } from './cassandra/values.ts';
import { DEAD_LETTERS, type Message } from './oracle.ts';

const TABLE = tableNamed(DEAD_LETTERS);
const KEY_PLACES: ReadonlyMap<string, number> = new Map(
  [...TABLE.partitionColumns, ...TABLE.clusteringColumns].map((column, place) => [column, place]),
);

/** The value of a column of a dead letter, of its key too; undefined when it has none. */
export const valueIn = ({ keys, cells }: StoredRow, column: string): CqlValue | undefined => {
  const key = KEY_PLACES.get(column);
  return key === undefined ? (cells[placeOf(TABLE, column)]?.value ?? undefined) : keys[key];
};

/**
 * The message that a dead letter carries. Equal bytes published at one time on one topic are one message. An
 * erasure has taken the bytes of some away: such a row may be of any message of its time, topic and subject.
 */
export const isCarriedBy = (row: StoredRow, message: Message): boolean => {
  const { origin, publishedAtMs, body } = message;
  const publishedAt = valueIn(row, 'published_at');
  const payload = valueIn(row, 'payload');
  return (
    publishedAt instanceof Date &&
    publishedAt.getTime() === publishedAtMs &&
    valueIn(row, 'origin_topic') === origin &&
    (payload instanceof Uint8Array ? Buffer.compare(payload, body) === 0 : isOfSubject(row, message))
  );
};

/** An erasure has taken the bytes away. */
export const isPayloadErased = (row: StoredRow): boolean => valueIn(row, 'payload') === undefined;

const isOfSubject = (row: StoredRow, { said }: Message): boolean => {
  if (said.kind === 'invalid') return valueIn(row, 'reason') === 'invalid';
  if (valueIn(row, 'order_id') !== said.orderId) return false;
  return said.kind === 'order' || valueIn(row, 'payment_id') === said.paymentId;
};

/** Whether a row is a dead letter of this message with this reason. */
export const isDeadLetterOf = (row: StoredRow, message: Message, reason: string): boolean =>
  valueIn(row, 'reason') === reason && isCarriedBy(row, message);
