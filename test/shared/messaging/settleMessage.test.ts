import { expect, it, vi } from 'vitest';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createSettleMessage, type Handler } from '../../../shared/messaging/settleMessage.ts';
import type { ReceivedMessage } from '../../../shared/messaging/receivedMessage.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { SUBSCRIPTIONS } from '../../../shared/topology.ts';
import { receivedMessage, TRACEPARENT } from '../../support/messages/builders.ts';
import { createRecordingTracer } from '../../support/telemetry/recordingTracer.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

const [spec] = SUBSCRIPTIONS;
if (spec === undefined) throw new Error('the topology has no subscription');

/** A message that breaks our code before a handler sees it. No test of a whole delivery can make one. */
const brokenMessage: ReceivedMessage = {
  subscription: 'projects/p/subscriptions/orders_data-sub',
  messageId: '7',
  publishTimeMs: 0,
  data: Buffer.from('{}'),
  deliveryAttempt: undefined,
  get attributes(): Record<string, string> {
    throw new TypeError('the attributes were read twice');
  },
};

it('delivers a message again that our code does not understand, and says so', async () => {
  const { log, lines } = createRecordingLog();
  const handle = vi.fn<Handler>();
  const settleMessage = createSettleMessage({ handle, tell: async () => {}, log });

  const delivery = { startedAt: performance.now(), traceparent: TRACEPARENT };
  const answer = await settleMessage(brokenMessage, spec, delivery);

  expect(answer).toBe('retry');
  expect(handle).not.toHaveBeenCalled();
  expect(lines()).toMatchObject([
    {
      severity: 'ERROR',
      message: 'message not understood',
      error: 'TypeError: the attributes were read twice',
      'logging.googleapis.com/trace': TRACEPARENT.split('-')[1],
    },
  ]);
});

it.each([
  ['ack', async () => ack('stored'), undefined],
  ['retry', () => Promise.reject(new TransientError('the store is away')), 'TransientError'],
] as const)('tells Pub/Sub %s, and its trace, too', async (expected, handle, error) => {
  const { log, lines } = createRecordingLog();
  const { tracer, spans } = createRecordingTracer();
  const handled = vi.fn<Handler>(handle);
  const settleMessage = createSettleMessage({ handle: handled, tell: async () => {}, log, tracer });
  const message = receivedMessage({ attributes: { traceparent: TRACEPARENT } });

  const answer = await settleMessage(message, spec, { startedAt: performance.now() });

  expect(answer).toBe(expected);
  const [process, acking] = spans;
  expect(process).toMatchObject({ kind: 'consumer', parent: TRACEPARENT, isEnded: true });
  expect(process?.attributes).toMatchObject({ 'tally.settlement': expected });
  expect((process?.error as Error | undefined)?.name).toBe(error);
  // What the handler and the log do is below the span of the delivery, not beside it.
  expect(handled.mock.calls[0]?.[0]).toMatchObject({
    messageId: message.messageId,
    traceparent: process?.traceparent,
  });
  expect(lines()).toMatchObject([{ 'logging.googleapis.com/spanId': process?.traceparent.split('-')[2] }]);
  expect(acking).toMatchObject({
    name: 'ack',
    kind: 'internal',
    parent: process?.traceparent,
    attributes: { 'tally.answer': expected },
    isEnded: true,
  });
  expect(spans).toHaveLength(2);
});

it('says of a message that waited too long that it comes again, and hands it to nobody', async () => {
  const { log, lines } = createRecordingLog();
  const handle = vi.fn<Handler>();
  const settleMessage = createSettleMessage({ handle, tell: async () => {}, log });
  const message = receivedMessage({ data: orderBytes(), deliveryAttempt: 7 });

  const answer = await settleMessage(message, spec, { startedAt: 0, hasWaitedTooLong: true });

  expect(answer).toBe('retry');
  expect(handle).not.toHaveBeenCalled();
  expect(lines()).toMatchObject([
    {
      severity: 'WARNING',
      message: 'message settled',
      settlement: 'retry',
      outcome: 'retry',
      reason: 'waited too long',
      error: 'TransientError: not begun within 60000 ms',
      order_id: '1',
      delivery_attempt: 7,
      duration_ms: null,
    },
  ]);
});
