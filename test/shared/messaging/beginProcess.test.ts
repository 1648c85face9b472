import { expect, it } from 'vitest';
import { beginProcess, outcomeAttributes } from '../../../shared/messaging/beginProcess.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { event, receivedMessage } from '../../support/messages/builders.ts';
import { createRecordingTracer } from '../../support/telemetry/recordingTracer.ts';

const begin = (changes: Parameters<typeof event>[0], attributes: Readonly<Record<string, string>> = {}) => {
  const { tracer, spans } = createRecordingTracer();
  beginProcess(tracer, event(changes), receivedMessage({ attributes }), performance.now());
  return spans[0];
};

it('says which event and which attempt a delivery is', () => {
  const { eventId, messageId, subscription, traceparent } = event();

  const span = begin({ deliveryAttempt: 3, redriveCount: 2 });

  expect(span).toMatchObject({ name: `process ${subscription}`, kind: 'consumer', parent: traceparent });
  expect(span?.attributes).toEqual({
    'messaging.system': 'gcp_pubsub',
    'messaging.operation.type': 'process',
    'messaging.destination.subscription.name': subscription,
    'messaging.message.id': messageId,
    'messaging.gcp_pubsub.message.delivery_attempt': 3,
    'tally.event_id': eventId,
    'tally.redrive_count': 2,
  });
});

it('counts a delivery without an attempt as the first', () => {
  const attempt = begin({ deliveryAttempt: undefined })?.attributes;

  expect(attempt?.['messaging.gcp_pubsub.message.delivery_attempt']).toBe(1);
});

it.each([
  ['e'.repeat(32), 'e'.repeat(32)],
  ['e'.repeat(33), undefined],
  ['a card', undefined],
])('names what a message was edited from only where that is an id: %s', (tally_edited_from, expected) => {
  expect(begin({}, { tally_edited_from })?.attributes['tally.edited_from']).toBe(expected);
});

it('says how a delivery ended, with the ids that could be read', () => {
  expect([
    outcomeAttributes(ack('matched', { orderId: 1n, paymentId: 2n })),
    outcomeAttributes(ack('told')),
  ]).toEqual([
    {
      'tally.settlement': 'ack',
      'tally.outcome': 'matched',
      'tally.order_id': '1',
      'tally.payment_id': '2',
    },
    { 'tally.settlement': 'ack', 'tally.outcome': 'told' },
  ]);
});

it('calls a rejected message invalid', () => {
  expect(outcomeAttributes({ kind: 'reject', error: 'no price', subject: {} })).toEqual({
    'tally.settlement': 'reject',
    'tally.outcome': 'invalid',
  });
});
