import type { DeadLetterRow, OrderRecord } from '../store/auditSource.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import { lookAtPlaces } from './findDeadLetters.ts';
import { noteAction } from './noteAction.ts';

type Eraser = Pick<OperationsStore, 'erasePayload' | 'recordAction'>;

interface Erasing {
  readonly erasedAtMs: number;
  readonly operation: Mandate;
}

/** Takes the payload of a dead letter away, and notes that it was there. */
export const eraseDeadLetter = async (
  store: Eraser,
  row: DeadLetterRow,
  { erasedAtMs, operation }: Erasing,
): Promise<void> => {
  await store.erasePayload(row, erasedAtMs);
  await noteAction(store, row, operation, { kind: 'erased', actedAtMs: erasedAtMs });
};

/**
 * Takes the payloads of an order's dead letters away, as far as they were published up to a time. It writes
 * at every place, also where no payload is seen: a delivery that was never acked may have written one to a
 * single replica, and two quorums need not agree on it.
 * @param isNoted whether a dead letter that is seen counts: it is noted, and `onDeadLetter` is called.
 * @returns how many count.
 */
export const eraseDeadLetters = async (
  store: Eraser & Parameters<typeof lookAtPlaces>[0],
  record: OrderRecord,
  {
    span,
    isNoted,
    onDeadLetter = () => {},
    ...erasing
  }: Erasing & {
    readonly span: Parameters<typeof lookAtPlaces>[2];
    readonly isNoted: (row: DeadLetterRow) => boolean;
    readonly onDeadLetter?: (() => void) | undefined;
  },
): Promise<number> => {
  let noted = 0;
  for await (const looked of lookAtPlaces(store, record, span)) {
    for (const { place, row } of looked) {
      if (row === undefined || !isNoted(row)) {
        await store.erasePayload(place, erasing.erasedAtMs);
      } else {
        await eraseDeadLetter(store, row, erasing);
        noted += 1;
        onDeadLetter();
      }
    }
  }
  return noted;
};
