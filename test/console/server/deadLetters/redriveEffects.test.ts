import { describe, expect, it } from 'vitest';
import { createLedgerIdsCache } from '../../../../shared/audit/look.ts';
import { createRedriveEffects } from '../../../../console/server/deadLetters/redriveEffects.ts';
import type { LedgerRow } from '../../../../shared/store/auditSource.ts';
import type { InputTopic } from '../../../../shared/topology.ts';
import { refusedOrder } from '../../../support/console/deadLetterWorld.ts';
import { orderBody, paymentBody } from '../../../support/messages/bodies.ts';

/** Order 1 is here, order 2 has a payment that waits, and event `known` is in the ledger of order 3. */
const LEDGERS: Readonly<Record<string, readonly [string, string][]>> = {
  1: [['a', 'order']],
  2: [['b', 'payment']],
  3: [['known', 'order']],
};

const findLedger = async (orderId: bigint): Promise<readonly LedgerRow[]> =>
  (LEDGERS[String(orderId)] ?? []).map(([eventId, kind]) => {
    return { orderId, eventId, kind, atMs: 0, publishedAtMs: 0, erasedAtMs: undefined, entry: undefined };
  });

const sayOf = async (sent: readonly (readonly [InputTopic, number, string])[]): Promise<string> => {
  const effects = createRedriveEffects(createLedgerIdsCache({ findLedger }));
  for (const [topic, orderId, toldBy] of sent) {
    const body = topic === 'orders_data' ? orderBody(orderId) : paymentBody(orderId);
    const message = { data: Buffer.from(JSON.stringify(body)), attributes: {} };
    const row = { ...refusedOrder(orderId), toldBy, day: '2026-01-01', shard: 0 };
    await effects.add(row, { kind: 'send', topic, message, redrives: 1 });
  }
  return effects.say();
};

describe('what a redrive will change', () => {
  it('is nothing without a message', async () => {
    expect(await sayOf([])).toBe('');
  });

  it('says which orders become visible, and how many have a payment', async () => {
    expect(await sayOf([['orders_data', 2, 'x']])).toBe(
      '1 order becomes visible; 1 of them has a payment here.',
    );
    expect(
      await sayOf([
        ['payments_data', 7, 'x'],
        ['orders_data', 7, 'y'],
        ['orders_data', 8, 'z'],
      ]),
    ).toBe('2 orders become visible; 1 of them has a payment here. 1 payment finds its order.');
  });

  it('tells what is new from what the ledger has', async () => {
    expect(
      await sayOf([
        ['orders_data', 1, 'x'],
        ['payments_data', 1, 'y'],
        ['payments_data', 9, 'z'],
        ['orders_data', 3, 'known'],
      ]),
    ).toBe(
      '1 is a further version of orders that are here. 1 payment finds its order. ' +
        '1 payment waits for its order. 1 is in the ledger already and adds nothing.',
    );
  });
});
