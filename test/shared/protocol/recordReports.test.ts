import { describe, expect, it } from 'vitest';
import type { DeadLetter, Report } from '../../../shared/domain/deadLetter.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createRecordReports } from '../../../shared/protocol/recordReports.ts';
import { paymentBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { event } from '../../support/messages/builders.ts';

const NOW_MS = PUBLISHED_AT_MS + 5_000;
const UNMATCHED: Report = {
  reason: 'unmatched',
  error: 'payment 1001 waits for order 1',
  id: event().eventId,
  sinceMs: PUBLISHED_AT_MS,
};
const CONFLICT: Report = { reason: 'conflict', error: 'paid twice', id: 'f'.repeat(32), sinceMs: 17 };

const record = async (changes: Parameters<typeof event>[0], ...reports: readonly Report[]) => {
  const rows: DeadLetter[] = [];
  const recordDeadLetter = async (row: DeadLetter) => void rows.push(row);
  await createRecordReports({ store: { recordDeadLetter }, clock: () => NOW_MS })(event(changes), reports);
  return rows;
};

describe('the reports of an event', () => {
  it('are one dead letter each, with all that the event says', async () => {
    const rows = await record(
      { originMessageId: '17', isRedacted: true, redriveCount: 2 },
      UNMATCHED,
      CONFLICT,
    );

    const ofEvent = {
      toldBy: event().eventId,
      publishedAtMs: PUBLISHED_AT_MS,
      originTopic: 'payments_data',
      originMessageId: '17',
      recordedAtMs: NOW_MS,
      payload: paymentBytes(),
      payloadBytes: paymentBytes().byteLength,
      payloadSha256: undefined,
      isRedacted: true,
      redriveCount: 2,
      orderId: 1n,
      paymentId: 1001n,
    };
    expect(rows).toEqual([
      { ...UNMATCHED, ...ofEvent },
      { ...CONFLICT, ...ofEvent },
    ]);
  });

  it.each([
    ['both ids, though another field is bad', paymentBytes({ card_last_four: '1' }), 1n, 1001n],
    ['the one that can be read', paymentBytes({ order_id: '"x"' }), undefined, 1001n],
    ['none of a body that is not JSON', Buffer.from('SECRET'), undefined, undefined],
  ])('have %s', async (_what, data, orderId, paymentId) => {
    expect(await record({ data }, { ...UNMATCHED, reason: 'invalid' })).toMatchObject([
      { orderId, paymentId },
    ]);
  });

  it('are not told when one of the rows fails', async () => {
    const calls: string[] = [];
    const recordDeadLetter = async ({ reason }: DeadLetter): Promise<void> => {
      calls.push(reason);
      if (reason === 'conflict') throw new TransientError('the store did not answer');
    };

    const telling = createRecordReports({ store: { recordDeadLetter }, clock: () => NOW_MS })(event(), [
      CONFLICT,
      UNMATCHED,
    ]);

    await expect(telling).rejects.toThrow('the store did not answer');
    expect(calls).toEqual(['conflict', 'unmatched']);
  });
});

describe('a payload', () => {
  it('is kept as the event has it', async () => {
    const data = Buffer.alloc(2_000, 'a');

    const [row] = await record({ data }, UNMATCHED);

    expect(row).toMatchObject({ payloadBytes: 2_000, payloadSha256: undefined });
    expect(row?.payload).toBe(data);
  });

  it('that was cut has the size and the hash of the whole', async () => {
    const data = Buffer.from('start');
    const cut = { bytes: 10_000_000, sha256: 'ab'.repeat(32) };

    const [row] = await record({ data, cut }, UNMATCHED);

    expect(row).toMatchObject({ payload: data, payloadBytes: 10_000_000, payloadSha256: cut.sha256 });
  });
});
