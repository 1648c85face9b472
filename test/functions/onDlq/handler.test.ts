import { describe, expect, it } from 'vitest';
import { createOnDlq } from '../../../functions/onDlq/handler.ts';
import type { Report } from '../../../shared/domain/deadLetter.ts';
import type { Carrier, IncomingEvent } from '../../../shared/domain/event.ts';
import { TransientError } from '../../../shared/errors.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { event } from '../../support/messages/builders.ts';

const REPORTS: readonly Report[] = (['unmatched', 'conflict'] as const).map((reason) => ({
  reason,
  error: `${reason}, as onPayment said`,
  id: event().eventId,
  sinceMs: PUBLISHED_AT_MS,
}));
const DEAD_LETTERED: Carrier = { kind: 'dead-lettered', reports: REPORTS };

const setUp = (tell: () => Promise<void> = async () => {}) => {
  const accepted: IncomingEvent[] = [];
  const told: (readonly [IncomingEvent, readonly Report[]])[] = [];
  const onDlq = createOnDlq({
    acceptEvent: async (incoming) => {
      accepted.push(incoming);
      return ack('parked');
    },
    tell: async (...args) => {
      told.push(args);
      await tell();
    },
  });
  return { onDlq, accepted, told };
};

describe('onDlq', () => {
  it('records what Tally has dead-lettered, all reports of it, and accepts nothing again', async () => {
    const letter = event({ carrier: DEAD_LETTERED });
    const { onDlq, accepted, told } = setUp();

    expect(await onDlq(letter)).toEqual({
      kind: 'ack',
      outcome: 'recorded',
      reason: 'unmatched,conflict',
      subject: { orderId: 1n, paymentId: 1001n },
    });
    expect(told).toEqual([[letter, REPORTS]]);
    expect(accepted).toEqual([]);
  });

  it('records a body that cannot be read, too', async () => {
    const { onDlq, told } = setUp();

    const settlement = await onDlq(event({ carrier: DEAD_LETTERED, data: Buffer.from('SECRET') }));

    expect(settlement).toMatchObject({ outcome: 'recorded', subject: {} });
    expect(told).toHaveLength(1);
  });

  it('does not ack what could not be recorded (I2)', async () => {
    const { onDlq } = setUp(() => Promise.reject(new TransientError('the store did not answer')));

    await expect(onDlq(event({ carrier: DEAD_LETTERED }))).rejects.toThrow('the store did not answer');
  });

  it.each(['forwarded', 'bare'] as const)('accepts a %s message like any other', async (kind) => {
    const letter = event({ carrier: { kind } });
    const { onDlq, accepted, told } = setUp();

    expect(await onDlq(letter)).toMatchObject({ outcome: 'parked' });
    expect(accepted).toEqual([letter]);
    expect(told).toEqual([]);
  });
});
