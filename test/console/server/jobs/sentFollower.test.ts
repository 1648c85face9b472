import { expect, it } from 'vitest';
import { createSentFollower } from '../../../../console/server/jobs/sentFollower.ts';
import { TransientError } from '../../../../shared/errors.ts';
import type { LedgerRow } from '../../../../shared/store/auditSource.ts';
import { refusedOrder } from '../../../support/console/deadLetterWorld.ts';

const SENT = 48;
const SILENT_ORDER = 40n;

it('counts a message once, while the ledger of another one does not answer', async () => {
  let failures = 3;
  const findLedger = async (orderId: bigint): Promise<readonly LedgerRow[]> => {
    if (orderId === SILENT_ORDER && failures-- > 0) throw new TransientError('the store did not answer');
    const { id } = refusedOrder(Number(orderId));
    return [
      {
        orderId,
        eventId: id,
        kind: 'order',
        atMs: 0,
        publishedAtMs: 0,
        erasedAtMs: undefined,
        entry: undefined,
      },
    ];
  };
  const follower = createSentFollower({ findLedger, findDeadLetters: async () => [] }, async () => {});
  for (let orderId = 0; orderId < SENT; orderId += 1) {
    const message = { data: Buffer.from(''), attributes: {} };
    const row = { ...refusedOrder(orderId), day: '2026-01-01', shard: 0 };
    follower.add(row, { kind: 'send', topic: 'orders_data', message, redrives: 1 });
  }

  const sums: number[] = [];
  for (let looks = 0; looks < 10 && !follower.isDone(); looks += 1) {
    await follower.look().catch(() => {});
    sums.push(follower.sum().terms.reduce((sum, { count }) => sum + count, 0));
  }

  expect(new Set(sums)).toEqual(new Set([SENT]));
  expect(follower.sum().terms).toContainEqual({ name: 'stored', count: SENT });
});
