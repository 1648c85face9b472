import type { StoredRow } from '../simulation/cassandra/replica.ts';
import { liveCells } from './liveCells.ts';
import type { SmallMessage } from './scriptedHandlers.ts';
import { ORDER_ID, type WorldMessage, type WorldSpec } from './smallWorlds.ts';

// Nothing here uses the product's code. The promises are stated a second time, as they are worded.

/** What people are told at one moment. */
interface Told {
  /** The messages of Tally on the dead-letter topics, acked or not. */
  readonly published: readonly SmallMessage[];
  /** The dead letters that a quorum has. */
  readonly rows: readonly StoredRow[];
  /** All messages are acked, those of Tally too. */
  readonly isDone: boolean;
}

/**
 * Which promise is broken by what people are told, or not told; undefined when none is.
 * @param acked the messages that are acked at this moment.
 */
export const judgeReports = (
  { told, mayBeTold }: WorldSpec,
  acked: readonly WorldMessage[],
  { published, rows, isDone }: Told,
): string | undefined => {
  const carried = published.flatMap(({ attributes }) => (attributes['tally_reason'] ?? '').split(','));
  const named = [...rows.map(reasonOf), ...carried.filter((reason) => reason !== '')];
  const falsely = named.find((reason) => !mayBeTold.includes(reason));
  if (falsely !== undefined) return `I6: ${falsely} was told, and no messages show it`;
  if (acked.some(({ kind }) => kind === 'invalid') && !named.includes('invalid')) {
    return 'I2: an invalid message is acked, and nobody was told';
  }
  if (!isDone) return undefined;
  const isThere = (wanted: string): boolean =>
    rows.some(
      (row) => reasonOf(row) === wanted && liveCells('dead_letters', row).get('order_id') === ORDER_ID,
    );
  const untold = told.find((reason) => !isThere(reason));
  if (untold !== undefined) return `I6: all are acked, and nobody was told: ${untold}`;
  const lost = named.find((reason) => !isThere(reason));
  return lost && `I1: a message of Tally is acked, and its dead letter is nowhere: ${lost}`;
};

/** The reason of a dead letter, which is the last column of its key. */
export const reasonOf = ({ keys }: StoredRow): string => String(keys.at(-1));
