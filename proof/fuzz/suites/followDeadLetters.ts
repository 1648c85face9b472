import { judgeIds } from '../judge/judgeMessage.ts';
import { firstOf } from '../verdict.ts';
import { type Published, pushOn, type World } from '../world.ts';

const ERROR_BYTES_MAX = 1_000;

/**
 * Pushes each published dead letter to `onDlq`. It must be recorded once for each of its reasons, with the
 * bytes and the ids that were sent.
 * @param from the dead letters before this number were published earlier.
 * @param badFields what the error of an invalid message must name.
 */
export const followDeadLetters = async (
  world: World,
  from: number,
  badFields: readonly string[],
): Promise<string | undefined> => {
  const { deadLetters } = world.store.tables;
  const recordedBefore = new Set(deadLetters.keys());
  for (const letter of world.published.slice(from)) {
    const violation = wrongError(letter, badFields);
    if (violation !== undefined) return violation;
    const { status } = await pushOn(world, letter);
    if (status !== 204) return `its dead letter was answered ${status}: ${world.lines.at(-1)}`;
    const keys = deadLetters.keys().filter((key) => !recordedBefore.has(key));
    const recorded = wrongRows(
      letter,
      keys.map((key) => [key, deadLetters.read(key) ?? {}]),
    );
    if (recorded !== undefined) return recorded;
  }
  return undefined;
};

/** An error names every bad field, fits into an attribute, and ends with a mark when it was cut. */
const wrongError = ({ attributes = {} }: Published, badFields: readonly string[]): string | undefined => {
  const error = attributes['tally_error'] ?? '';
  const unnamed = badFields.filter((field) => !error.includes(`${field}: `));
  const bytes = Buffer.byteLength(error);
  return firstOf(
    [unnamed.length > 0, `its dead letter does not name ${unnamed.join(', ')} but says: ${error}`],
    [bytes > ERROR_BYTES_MAX, `the error of its dead letter has ${bytes} bytes`],
    [
      bytes > ERROR_BYTES_MAX - 4 && !error.endsWith('…'),
      `the error of its dead letter was cut without a mark: ${error}`,
    ],
  );
};

type Row = Readonly<Record<string, unknown>>;

const wrongRows = (
  { data, attributes = {} }: Published,
  rows: readonly (readonly [key: string, row: Row])[],
): string | undefined => {
  const reasons = (attributes['tally_reason'] ?? '').split(',');
  const recorded = rows.map(([key]) => key.slice(key.lastIndexOf('/') + 1));
  const eventId = attributes['tally_event_id'];
  const { orderId, paymentId } = judgeIds(data);
  const isSent = ({ payload }: Row): boolean =>
    payload instanceof Uint8Array && Buffer.compare(payload, data) === 0;
  return firstOf(
    [
      recorded.toSorted().join() !== reasons.toSorted().join(),
      `its dead letter (${reasons.join()}) was recorded as ${recorded.join() || 'nothing'}`,
    ],
    [rows.some(([, row]) => row['told_by'] !== eventId), 'its dead letter was recorded under another event'],
    [!rows.every(([, row]) => isSent(row)), 'its dead letter was recorded with other bytes'],
    [
      rows.some(([, row]) => row['order_id'] !== orderId || row['payment_id'] !== paymentId),
      'its dead letter has not kept the ids of the message',
    ],
  );
};
