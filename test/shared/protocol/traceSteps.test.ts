import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/protocol/accept.ts';
import { traceSteps, traceTell } from '../../../shared/protocol/traceSteps.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { event, TRACEPARENT } from '../../support/messages/builders.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { createRecordingTracer } from '../../support/telemetry/recordingTracer.ts';

const setUp = () => {
  const store = createMemoryStore();
  const { tracer, spans } = createRecordingTracer();
  /** Which spans had ended when a step was made. */
  const ended: Record<string, readonly string[]> = {};
  const note = (step: string): void => {
    ended[step] = spans.filter(({ isEnded }) => isEnded).map(({ name }) => name);
  };
  const deps = {
    store: {
      ...store,
      showOrder: async (...args: Parameters<typeof store.showOrder>) => {
        note('show');
        await store.showOrder(...args);
      },
    },
    tell: async () => note('tell'),
  };
  return {
    store,
    spans,
    ended,
    acceptNext: (entry: Parameters<typeof accept>[0]) =>
      traceSteps(tracer, event(), deps, (traced) => accept(entry, traced)),
  };
};

const statement = (operation: string, table: string) => ({
  'db.system.name': 'cassandra',
  'db.operation.name': operation,
  'db.collection.name': table,
});

describe('the spans of an accepted event', () => {
  it('say which statement each step of the store is, and what the fold had before it', async () => {
    const { spans, acceptNext, store } = setUp();
    await store.recordEntry(orderEntry(1));

    await acceptNext(paymentEntry(2));

    expect(spans.map(({ name, kind, parent, attributes }) => [name, kind, parent, attributes])).toEqual([
      ['record', 'client', TRACEPARENT, statement('INSERT', 'ledger_by_order')],
      ['read', 'client', TRACEPARENT, statement('SELECT', 'ledger_by_order')],
      ['fold', 'internal', TRACEPARENT, { 'tally.entries': 2 }],
      ['show', 'client', TRACEPARENT, statement('INSERT', 'orders_payments_facts')],
    ]);
  });

  it('end the fold before the next step begins', async () => {
    const { ended, acceptNext, store } = setUp();
    await store.recordEntry(orderEntry(1));
    await store.recordEntry(paymentEntry(2));

    await acceptNext(paymentEntry(3, { paymentId: 7n }));

    expect(ended).toEqual({
      show: ['record', 'read', 'fold'],
      tell: ['record', 'read', 'fold', 'show'],
    });
    expect((await store.findOrderRecord(1n)).fact?.payment).toMatchObject({ paymentId: 7n });
  });

  it.each([
    ['an order, which is neither shown nor told', orderEntry(1), {}],
    ['an early payment, which is told', paymentEntry(1), { tell: ['record', 'read', 'fold'] }],
  ])('have all ended after %s', async (_what, entry, before) => {
    const { spans, ended, acceptNext } = setUp();

    await acceptNext(entry);

    expect(spans.map(({ name, isEnded }) => [name, isEnded])).toEqual([
      ['record', true],
      ['read', true],
      ['fold', true],
    ]);
    expect(ended).toEqual(before);
  });
});

it('makes a tell a span that says every reason, and the parent of what it publishes', async () => {
  const { tracer, spans } = createRecordingTracer();
  const published: unknown[] = [];
  const report = { error: '', id: 'a'.repeat(32), sinceMs: 0 };

  await traceTell(tracer, async ({ traceparent }) => void published.push(traceparent))(event(), [
    { ...report, reason: 'unmatched' },
    { ...report, reason: 'conflict' },
  ]);

  expect(spans).toMatchObject([
    {
      name: 'tell',
      kind: 'producer',
      parent: TRACEPARENT,
      attributes: { 'tally.reason': 'unmatched,conflict' },
      isEnded: true,
    },
  ]);
  expect(published).toEqual([spans[0]?.traceparent]);
});
