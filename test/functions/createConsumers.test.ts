import { describe, expect, it } from 'vitest';
import { createConsumers } from '../../functions/createConsumers.ts';
import { TransientError } from '../../shared/errors.ts';
import { FORWARDED_ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import type { OutgoingMessage } from '../../shared/messaging/publisher.ts';
import type { PushRequest } from '../../shared/messaging/pushEndpoint.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Topic } from '../../shared/topology.ts';
import { orderBytes, paymentBytes } from '../../proof/referenceMessages.ts';
import { createRecordingLog } from '../support/functions/recordingLog.ts';
import { pushRequest, TRACEPARENT } from '../support/messages/builders.ts';
import { createRecordingTracer } from '../support/telemetry/recordingTracer.ts';

const TRACE_ID = TRACEPARENT.slice(3, 35);
const FULL_TRACE = `projects/tally-test/traces/${TRACE_ID}`;

const setUp = (changes: Partial<Store> = {}, isTraced = true) => {
  const { tracer, spans } = createRecordingTracer();
  const { log, lines } = createRecordingLog();
  const published: { topic: Topic; message: OutgoingMessage }[] = [];
  const consumers = createConsumers({
    store: { ...createMemoryStore(), ...changes },
    publisher: {
      publish: async (topic, message) => {
        published.push({ topic, message });
        return '1';
      },
    },
    clock: () => 0,
    log,
    projectId: 'tally-test',
    tracer: isTraced ? tracer : undefined,
  });
  const parentOf = (traceparent: string | undefined): string | undefined =>
    spans.find((span) => span.traceparent === traceparent)?.name;
  return {
    ...consumers,
    published,
    lines,
    spans,
    /** Each span with the name of its parent; undefined for a parent that is not here. */
    tree: () => spans.map(({ name, parent }) => [name, parentOf(parent)]),
  };
};

const push = (topic: Topic, { data, attributes }: OutgoingMessage): PushRequest =>
  pushRequest({
    body: { subscription: `projects/tally-test/subscriptions/${topic}-sub` },
    message: { data: Buffer.from(data).toString('base64'), attributes },
  });

const traced = (data: Uint8Array): OutgoingMessage => ({ data, attributes: { traceparent: TRACEPARENT } });

describe('the trace of a message', () => {
  it('has its steps, and goes on where it is told', async () => {
    const { onPayment, onDlq, published, tree, spans, lines } = setUp();

    await onPayment(push('payments_data', traced(paymentBytes())));
    for (const { topic, message } of published) await onDlq(push(topic, message));

    expect(tree()).toEqual([
      ['process payments_data-sub', undefined],
      ['record', 'process payments_data-sub'],
      ['read', 'process payments_data-sub'],
      ['fold', 'process payments_data-sub'],
      ['tell', 'process payments_data-sub'],
      ['ack', 'process payments_data-sub'],
      ['process dlq_payments_data-sub', 'tell'],
      ['tell', 'process dlq_payments_data-sub'],
      ['ack', 'process dlq_payments_data-sub'],
    ]);
    expect(spans[0]?.parent).toBe(TRACEPARENT);
    expect(new Set(spans.map(({ traceparent }) => traceparent.slice(3, 35)))).toEqual(new Set([TRACE_ID]));
    expect(spans.every(({ isEnded }) => isEnded)).toBe(true);
    expect(lines().map((line) => line['logging.googleapis.com/trace'])).toEqual([FULL_TRACE, FULL_TRACE]);
    expect(lines()[0]?.['logging.googleapis.com/spanId']).toBe(spans[0]?.traceparent.slice(36, 52));
  });

  it('says of the second of an order and a payment that it is shown', async () => {
    const { onOrder, onPayment, spans } = setUp();

    await onPayment(push('payments_data', traced(paymentBytes())));
    await onOrder(push('orders_data', traced(orderBytes())));

    const ofOrder = spans.slice(spans.findIndex(({ name }) => name === 'process orders_data-sub'));
    expect(ofOrder.map(({ name }) => name)).toEqual([
      'process orders_data-sub',
      'record',
      'read',
      'fold',
      'show',
      'ack',
    ]);
    expect(ofOrder[0]?.attributes).toMatchObject({ 'tally.outcome': 'matched', 'tally.order_id': '1' });
    expect(ofOrder[3]?.attributes).toEqual({ 'tally.entries': 2 });
    expect(ofOrder.at(-1)?.attributes).toEqual({ 'tally.answer': 'ack' });
  });

  it('shows which step failed', async () => {
    const error = new TransientError('no replica answered');
    const { onOrder, spans } = setUp({ findEntries: () => Promise.reject(error) });

    const { status } = await onOrder(push('orders_data', traced(orderBytes())));

    expect(status).toBe(503);
    expect(spans.map(({ name, error: why }) => [name, why])).toEqual([
      ['process orders_data-sub', error],
      ['record', undefined],
      ['read', error],
      ['ack', undefined],
    ]);
    expect(spans.at(-1)?.attributes).toEqual({ 'tally.answer': 'retry' });
  });

  it('of an edited message leads to what it was edited from', async () => {
    const { onOrder, spans } = setUp();
    const attributes = { traceparent: TRACEPARENT, tally_edited_from: 'e'.repeat(32) };

    await onOrder(push('orders_data', { data: orderBytes(), attributes }));

    expect(spans[0]?.attributes).toMatchObject({ 'tally.edited_from': 'e'.repeat(32) });
  });

  it('is carried on as it came where no spans are recorded', async () => {
    const { onPayment, onDlq, published, lines } = setUp({}, false);

    await onPayment(push('payments_data', traced(paymentBytes())));
    for (const { topic, message } of published) await onDlq(push(topic, message));

    expect(published[0]?.message.attributes).toMatchObject({ traceparent: TRACEPARENT });
    expect(lines().map((line) => line['logging.googleapis.com/trace'])).toEqual([FULL_TRACE, FULL_TRACE]);
  });
});

describe('the reason in a line', () => {
  it('names what the message told, also where onDlq records it of what Pub/Sub forwards', async () => {
    const { onDlq, onPayment, lines } = setUp();
    const forward = async (data: Uint8Array): Promise<void> => {
      const attributes = { [FORWARDED_ATTRIBUTE.subscription]: 'payments_data-sub' };
      await onDlq(push('dlq_payments_data', { data, attributes }));
    };

    await onPayment(push('payments_data', { data: paymentBytes() }));
    await forward(paymentBytes({ payment_id: '2' }));
    await forward(Buffer.from('no JSON'));
    await onDlq(push('dlq_orders_data', { data: orderBytes({ order_id: '2' }) }));

    expect(lines().map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['parked', 'unmatched'],
      ['parked', 'unmatched,conflict'],
      ['invalid', 'invalid'],
      ['stored', null],
    ]);
  });
});
