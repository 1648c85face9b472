import { describe, expect, it } from 'vitest';
import type { ReceivedSpan } from '../../../console/feed/spansIn.ts';
import { createTraces } from '../../../console/feed/traces.ts';

const EVENT = 'e'.repeat(32);

const span = (changes: Partial<ReceivedSpan> & { readonly says?: Record<string, string> }): ReceivedSpan => ({
  traceId: '1'.repeat(32),
  spanId: 'a'.repeat(16),
  parentSpanId: '',
  name: 'process orders_data-sub',
  startedAtMs: 1_000,
  tookMs: 5,
  error: null,
  attributes: new Map(Object.entries(changes.says ?? {})),
  ...changes,
});

/** A delivery with two steps, as its batch arrives: what ends first comes first. */
const delivery = (spanId: string, startedAtMs: number, says: Record<string, string> = {}): ReceivedSpan[] => [
  span({ name: 'fold', parentSpanId: spanId, startedAtMs: startedAtMs + 2, says: { 'tally.entries': '3' } }),
  span({ name: 'record', parentSpanId: spanId, startedAtMs: startedAtMs + 1 }),
  span({ spanId, startedAtMs, says: { 'tally.event_id': EVENT, 'tally.outcome': 'matched', ...says } }),
];

describe('the steps of an event', () => {
  it('are those of its last delivery, in the order in which they began', () => {
    const traces = createTraces();

    traces.add(delivery('b'.repeat(16), 2_000, { 'messaging.gcp_pubsub.message.delivery_attempt': '2' }));
    traces.add(delivery('a'.repeat(16), 1_000, { 'tally.outcome': 'retry' }));

    expect(traces.stepsOf(EVENT)).toMatchObject({
      attempt: 2,
      outcome: 'matched',
      startedAtMs: 2_000,
      steps: [
        { name: 'record', note: 'ledger' },
        { name: 'fold', note: '3 entries' },
      ],
    });
  });

  it('are not known until the delivery has ended, nor for an event that nobody traced', () => {
    const traces = createTraces();

    traces.add(delivery('a'.repeat(16), 1_000).slice(0, 2));

    expect(traces.stepsOf(EVENT)).toBeUndefined();
  });

  it('are not those of its dead letter', () => {
    const traces = createTraces();

    traces.add(delivery('a'.repeat(16), 1_000));
    traces.add([
      span({
        spanId: 'd'.repeat(16),
        startedAtMs: 9_000,
        name: 'process dlq_orders_data-sub',
        says: { 'tally.event_id': EVENT },
      }),
    ]);

    expect(traces.stepsOf(EVENT)?.startedAtMs).toBe(1_000);
  });

  it('say nothing that is no word of Tally’s', () => {
    const traces = createTraces();

    traces.add(delivery('a'.repeat(16), 1_000, { 'tally.outcome': '4111111111111111' }));

    expect(traces.stepsOf(EVENT)?.outcome).toBe('');
  });

  it('are forgotten when newer deliveries need the room, and the memory stays bounded', () => {
    const traces = createTraces(100);

    traces.add(delivery('a'.repeat(16), 1_000));
    for (let index = 0; index < 100; index += 1) {
      traces.add([span({ name: 'read', parentSpanId: index.toString(16).padStart(16, 'c') })]);
    }

    expect(traces.stepsOf(EVENT)).toBeUndefined();
  });
});
