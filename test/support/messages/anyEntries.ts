import * as fc from 'fast-check';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { PUBLISHED_AT_MS } from './domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from './entries.ts';

const ms = fc.integer({ min: 0, max: 1 }).map((offset) => PUBLISHED_AT_MS + offset);

const drawn = fc.record({
  kind: fc.constantFrom('order', 'order', 'payment', 'payment', 'decision'),
  publishedAtMs: ms,
  atMs: ms,
  digits: fc.nat(1),
  paymentId: fc.constantFrom(1n, 2n, 3n),
  word: fc.constantFrom('paid', 'paid', 'frozen', 'declined', 'refunded', 'pending'),
  method: fc.constantFrom('card', 'card', 'voucher'),
  card: fc.constantFrom('0001', '0002', undefined),
  item: fc.constantFrom('a', 'b'),
  quantity: fc.constantFrom(1n, 2n),
  customerId: fc.constantFrom(1n, 2n, undefined),
});

/**
 * Few times, few ids and few contents, so that entries meet in all of them. The first fifteen digits of an
 * event id are a power of two, so the sums of different sets differ, in steps of a hundred, plus 0 or 1: so
 * two orders often have the same two digits.
 */
export const anyEntries: fc.Arbitrary<readonly LedgerEntry[]> = fc
  .array(drawn, { maxLength: 7 })
  .map((entries) =>
    entries.map((entry, index): LedgerEntry => {
      const { publishedAtMs, atMs, digits, paymentId, item, quantity, customerId } = entry;
      const prefix = 100 * 2 ** index + digits;
      const eventId = prefix.toString(16).padStart(15, '0').padEnd(32, '0');
      const stamped = { eventId, publishedAtMs, atMs };
      if (entry.kind === 'order') return orderEntry(0, { item, quantity, customerId }, stamped);
      if (entry.kind === 'decision') return decisionEntry(0, { eventId, publishedAtMs });
      const { word: paymentStatus, method: paymentMethod, card: cardLastFour } = entry;
      return paymentEntry(0, { paymentId, paymentStatus, paymentMethod, cardLastFour }, stamped);
    }),
  );
