import { expect, it } from 'vitest';
import { beginProcess, outcomeAttributes } from '../../../shared/messaging/beginProcess.ts';
import { reject } from '../../../shared/messaging/settlement.ts';
import { event } from '../../support/messages/builders.ts';
import { createRecordingTracer } from '../../support/telemetry/recordingTracer.ts';

it('counts a delivery without an attempt as the first', () => {
  const { tracer, spans } = createRecordingTracer();
  const message = {
    subscription: 'projects/p/subscriptions/orders_data-sub',
    messageId: '7',
    publishTimeMs: 0,
    data: Buffer.from('{}'),
    deliveryAttempt: undefined,
    attributes: {},
  };
  for (const deliveryAttempt of [undefined, 3]) {
    beginProcess(tracer, { ...event(), deliveryAttempt }, message, performance.now());
  }

  const attempts = spans.map((span) => span.attributes['messaging.gcp_pubsub.message.delivery_attempt']);
  expect(attempts).toEqual([1, 3]);
});

it('calls a rejected message invalid', () => {
  expect(outcomeAttributes(reject('no price', {}))).toEqual({
    'tally.settlement': 'reject',
    'tally.outcome': 'invalid',
  });
});
