import type { AuditSource } from '../../shared/store/store.ts';
import type { RingSlice } from '../../shared/store/tokenRanges.ts';

/** A slice that a call could not look at in its time: somebody has to cut the ring into smaller ones. */
export class SliceTooLargeError extends Error {
  override readonly name = 'SliceTooLargeError';
  readonly slice: number;

  constructor({ index, of }: RingSlice, seconds: number) {
    super(
      `slice ${index} of ${of} was not looked at to its end in ${seconds} s, slice too large: raise SLICES in functions/audit/limits.ts`,
    );
    this.slice = index;
  }
}

/**
 * The source until it is too late: every row and every read asks for the time. A read that hangs ends by the store's own timeout, so
 * nothing goes on behind the answer.
 * @param checkTime throws when it is too late.
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
