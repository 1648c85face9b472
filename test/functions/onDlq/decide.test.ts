import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/onDlq/decide.ts';
import type { Carrier } from '../../../shared/domain/event.ts';

const tallys = (reason: 'unmatched' | 'invalid' | 'conflict'): Carrier => ({
  kind: 'dead-lettered',
  reason,
  error: 'order 1 has not come yet',
});

describe('a message on a dead-letter topic', () => {
  it.each([
    ['an unmatched payment', tallys('unmatched'), 'order 1 has not come yet'],
    [
      'a payment that Pub/Sub forwarded',
      { kind: 'forwarded' },
      'forwarded by Pub/Sub after too many delivery attempts',
    ],
    ['a bare payment, as the reference publishes it', { kind: 'bare' }, 'published without a reason'],
    ['a payment of unknown carriage', { kind: 'input' }, 'published without a reason'],
  ] satisfies [string, Carrier, string][])('is parked when it is %s', (_what, carrier, error) => {
    const result = decide({ carrier, origin: 'payments_data' });

    expect(result).toEqual({ kind: 'park', error });
  });

  it.each([
    ['Pub/Sub forwarded it', { kind: 'forwarded' }],
    ['it is bare', { kind: 'bare' }],
    ['it calls itself unmatched', tallys('unmatched')],
    ['it calls itself a conflict, which only payments are', tallys('conflict')],
  ] satisfies [string, Carrier][])('is an order like any other when %s', (_why, carrier) => {
    const result = decide({ carrier, origin: 'orders_data' });

    expect(result).toEqual({ kind: 'order' });
  });

  it.each([
    ['an invalid order', 'invalid', 'orders_data'],
    ['an invalid payment', 'invalid', 'payments_data'],
    ['a payment in conflict', 'conflict', 'payments_data'],
  ] as const)('is recorded, with its reason and error, when it is %s', (_what, reason, origin) => {
    const result = decide({ carrier: tallys(reason), origin });

    expect(result).toEqual({ kind: reason, error: 'order 1 has not come yet' });
  });

  it('is nothing that can be guessed when its carrier is unknown', () => {
    const carrier = { kind: 'pigeon' } as unknown as Carrier;

    expect(() => decide({ carrier, origin: 'orders_data' })).toThrow('unhandled case: {"kind":"pigeon"}');
  });
});
