import { describe, expect, it } from 'vitest';
import { createOnDlq, type OnDlqDeps } from '../../../functions/onDlq/handler.ts';
import type { DeadLetterReason, IncomingEvent } from '../../../shared/domain/event.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { event } from '../../support/messages/builders.ts';
import { orderBytes, payment, PUBLISHED_AT_MS } from '../../../proof/referenceMessages.ts';

type StoreCall = keyof OnDlqDeps['store'];

const NOW = PUBLISHED_AT_MS + 5_000;
const SUBJECT = { orderId: 1n, paymentId: 1001n };
const EVENT_ID = '0123456789abcdef0123456789abcdef';

const letter = (reason: DeadLetterReason, changes: Partial<IncomingEvent> = {}) =>
  event({
    carrier: { kind: 'dead-lettered', reason, error: 'as onPayment said' },
    isRedacted: true,
    messageId: '8002',
    originMessageId: '7001',
    redriveCount: 2,
    ...changes,
  });

/** The row that is recorded of `letter(reason)`. */
const row = (reason: DeadLetterReason, changes: Record<string, unknown> = {}) => ({
  eventId: EVENT_ID,
  publishedAtMs: PUBLISHED_AT_MS,
  reason,
  error: 'as onPayment said',
  originTopic: 'payments_data',
  originMessageId: '7001',
  recordedAtMs: NOW,
  payload: event().data,
  isRedacted: true,
  redriveCount: 2,
  ...SUBJECT,
  ...changes,
});

interface Options {
  readonly orderExists?: boolean;
  readonly failing?: StoreCall;
  readonly orderFailure?: Error;
}

/** A store that takes notes of what was asked of it and of what it acknowledged, in order. */
const setUp = ({ orderExists = false, failing, orderFailure }: Options = {}) => {
  const calls: unknown[][] = [];
  const noted = async (name: StoreCall, ...values: readonly unknown[]): Promise<void> => {
    calls.push([name, ...values]);
    await new Promise(setImmediate);
    if (name === failing) throw new TransientError(`${name} failed`);
    calls.push([`${name} acknowledged`]);
  };
  const onDlq = createOnDlq({
    store: {
      parkPayment: (...values) => noted('parkPayment', ...values),
      recordDeadLetter: (...values) => noted('recordDeadLetter', ...values),
      attachPayments: (...values) => noted('attachPayments', ...values),
      markMatched: (...values) => noted('markMatched', ...values),
      findFact: async (...values) => {
        await noted('findFact', ...values);
        return { orderExists, paymentId: undefined };
      },
    },
    handleOrder: async (incoming) => {
      calls.push(['handleOrder', incoming]);
      if (orderFailure !== undefined) throw orderFailure;
      return ack('stored', { orderId: 1n });
    },
    clock: () => NOW,
  });
  return { onDlq, calls, names: () => calls.map(([name]) => name) };
};

describe('onDlq, of an early payment', () => {
  it('keeps it and its dead letter, both acknowledged, before it looks for the order (I3)', async () => {
    const incoming = letter('unmatched');
    const { onDlq, calls } = setUp();

    const settlement = await onDlq(incoming);

    expect(settlement).toEqual({ kind: 'ack', outcome: 'parked', subject: SUBJECT });
    expect(calls).toEqual([
      ['parkPayment', payment(), incoming],
      ['recordDeadLetter', row('unmatched')],
      ['parkPayment acknowledged'],
      ['recordDeadLetter acknowledged'],
      ['findFact', 1n],
      ['findFact acknowledged'],
    ]);
  });

  it('shows it on an order that has come meanwhile, and closes its dead letter last', async () => {
    const incoming = letter('unmatched');
    const { onDlq, calls } = setUp({ orderExists: true });

    const settlement = await onDlq(incoming);

    expect(settlement).toEqual({ kind: 'ack', outcome: 'matched', subject: SUBJECT });
    expect(calls.slice(6)).toEqual([
      [
        'attachPayments',
        [{ payment: payment(), eventId: EVENT_ID, publishedAtMs: PUBLISHED_AT_MS, isParked: true }],
      ],
      ['attachPayments acknowledged'],
      ['markMatched', incoming, NOW],
      ['markMatched acknowledged'],
    ]);
  });

  it.each(['parkPayment', 'recordDeadLetter', 'findFact', 'attachPayments', 'markMatched'] as const)(
    'does not ack when %s fails (I2), and records no fault of the world as one of the message',
    async (failing) => {
      const { onDlq, calls, names } = setUp({ orderExists: true, failing });

      const result = onDlq(letter('unmatched'));

      await expect(result).rejects.toThrow(`${failing} failed`);
      expect(names()).not.toContain(`${failing} acknowledged`);
      expect(calls.filter(([name]) => name === 'recordDeadLetter')).toHaveLength(1);
    },
  );

  it('records one that cannot be read as invalid, in the words of its parser', async () => {
    const data = Buffer.from('{"payment_id": 1}');
    const { onDlq, calls } = setUp();

    const settlement = await onDlq(letter('unmatched', { data }));

    expect(settlement).toEqual({ kind: 'ack', outcome: 'invalid', subject: {} });
    expect(calls).toEqual([
      [
        'recordDeadLetter',
        row('invalid', {
          error: expect.stringContaining('order_id: expected a whole number') as string,
          payload: data,
          orderId: undefined,
          paymentId: undefined,
        }),
      ],
      ['recordDeadLetter acknowledged'],
    ]);
  });
});

describe('onDlq, of a conflict', () => {
  it('records it, and parks it too, for a look at the ledger could not tell who kept it, nor whether as a whole', async () => {
    const incoming = letter('conflict');
    const { onDlq, calls } = setUp();

    const settlement = await onDlq(incoming);

    expect(settlement).toEqual({ kind: 'ack', outcome: 'conflict', subject: SUBJECT });
    expect(calls).toEqual([
      ['recordDeadLetter', row('conflict')],
      ['recordDeadLetter acknowledged'],
      ['parkPayment', payment(), incoming],
      ['recordDeadLetter', row('unmatched')],
      ['parkPayment acknowledged'],
      ['recordDeadLetter acknowledged'],
      ['findFact', 1n],
      ['findFact acknowledged'],
    ]);
  });

  it.each(['attachPayments', 'markMatched'] as const)(
    'finishes on a redelivery what %s left half done',
    async (failing) => {
      const first = setUp({ orderExists: true, failing });
      await expect(first.onDlq(letter('conflict'))).rejects.toThrow(`${failing} failed`);
      const second = setUp({ orderExists: true });

      const settlement = await second.onDlq(letter('conflict'));

      expect(settlement).toMatchObject({ kind: 'ack', outcome: 'conflict' });
      expect(second.names()).toContain('attachPayments acknowledged');
      expect(second.names()).toContain('markMatched acknowledged');
    },
  );
});

describe('onDlq, of an invalid message', () => {
  it.each([
    ['a payment', letter('invalid'), SUBJECT],
    [
      'an order',
      letter('invalid', { origin: 'orders_data', data: orderBytes() }),
      { orderId: 1n, paymentId: undefined },
    ],
    [
      'what no parser reads',
      letter('invalid', { data: Buffer.from('x') }),
      { orderId: undefined, paymentId: undefined },
    ],
    [
      'an order that is no order',
      letter('invalid', { origin: 'orders_data' }),
      { orderId: undefined, paymentId: undefined },
    ],
  ])('records %s with the ids that can be read in it', async (_what, incoming, ids) => {
    const { onDlq, calls } = setUp();

    const settlement = await onDlq(incoming);

    expect(settlement).toMatchObject({ kind: 'ack', outcome: 'invalid' });
    expect({ orderId: undefined, paymentId: undefined, ...(settlement.subject as object) }).toEqual(ids);
    expect(calls[0]).toEqual([
      'recordDeadLetter',
      row('invalid', { originTopic: incoming.origin, payload: incoming.data, ...ids }),
    ]);
  });

  it('takes a bug in the parser for a bug, and not for the message’s own fault', async () => {
    const broken = {
      get byteLength(): number {
        throw new TypeError('the body cannot be measured');
      },
    } as Buffer;
    const { onDlq, calls } = setUp();

    const result = onDlq(letter('invalid', { data: broken }));

    await expect(result).rejects.toThrow(TypeError);
    expect(calls).toEqual([]);
  });
});

describe('onDlq, of an order', () => {
  const forwarded = event({ carrier: { kind: 'forwarded' }, origin: 'orders_data', data: orderBytes() });

  it('does what onOrder does', async () => {
    const { onDlq, calls } = setUp();

    const settlement = await onDlq(forwarded);

    expect(settlement).toEqual(ack('stored', { orderId: 1n }));
    expect(calls).toEqual([['handleOrder', forwarded]]);
  });

  it('records one that onOrder cannot read, and never publishes it again', async () => {
    const { onDlq, names } = setUp({ orderFailure: new PermanentError('price: expected a number') });

    const settlement = await onDlq(forwarded);

    expect(settlement).toEqual({ kind: 'ack', outcome: 'invalid', subject: {} });
    expect(names()).toEqual(['handleOrder', 'recordDeadLetter', 'recordDeadLetter acknowledged']);
  });

  it('gives it back when the world fails', async () => {
    const { onDlq, names } = setUp({ orderFailure: new TransientError('no host') });

    const result = onDlq(forwarded);

    await expect(result).rejects.toThrow('no host');
    expect(names()).toEqual(['handleOrder']);
  });
});
