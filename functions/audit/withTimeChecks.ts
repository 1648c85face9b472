import type { AuditSource } from '../../shared/store/store.ts';
import type { RingSlice } from '../../shared/store/tokenRanges.ts';

/** A call did not finish this slice before its deadline. A person has to cut the ring into smaller slices. */
export class SliceTooLargeError extends Error {
  override readonly name = 'SliceTooLargeError';
  readonly slice: number;

  constructor({ index, of }: RingSlice, seconds: number) {
    super(
      `slice ${index} of ${of} is too large: the audit did not finish it in ${seconds} s. ` +
        'Raise SLICES in functions/audit/limits.ts',
    );
    this.slice = index;
  }
}

/**
 * Wraps a source so that it checks the time at every row and before every read. A read that hangs ends at the
 * store's timeout, so nothing still runs after the call has answered.
 * @param checkTime throws when the time is up.
 */
export const withTimeChecks = (source: AuditSource, checkTime: () => void): AuditSource => ({
  scanOrders: () => rowsUntil(source.scanOrders(), checkTime),
  scanDeadLetters: () => rowsUntil(source.scanDeadLetters(), checkTime),
  findOrderRecord: async (orderId) => {
    checkTime();
    return source.findOrderRecord(orderId);
  },
  findDeadLetters: async (key) => {
    checkTime();
    return source.findDeadLetters(key);
  },
  findPayload: async (key, reason) => {
    checkTime();
    return source.findPayload(key, reason);
  },
  close: () => source.close(),
});

const rowsUntil = async function* <T>(rows: AsyncIterable<T>, checkTime: () => void): AsyncGenerator<T> {
  for await (const row of rows) {
    checkTime();
    yield row;
  }
};
