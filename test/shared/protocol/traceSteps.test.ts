import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/protocol/accept.ts';
import { traceSteps, traceTell } from '../../../shared/protocol/traceSteps.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { createCassandraStore } from '../../../shared/store/cassandraStore.ts';
import { entryCells, entryKey } from '../../../shared/store/columns.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { event, TRACEPARENT } from '../../support/messages/builders.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
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

/** A store on a driver that notes the statements of every call, and whose ledger has these entries. */
const createNotingStore = (ledger: readonly LedgerEntry[]) => {
  const sent: (readonly string[])[] = [];
  const rows = ledger.map((entry) => ({ order_id: 1n, ...entryKey(entry), ...entryCells(entry) }));
  const connection = {
    execute: async (query: string) => {
      sent.push([query]);
      return query.startsWith('SELECT') ? { rows, pageState: null } : {};
    },
    batch: async (statements: readonly { readonly query: string }[]) => {
      sent.push(statements.map(({ query }) => query));
      return {};
    },
  };
  const store = createCassandraStore({ connect: async () => connection as never, close: async () => {} });
  return { store, sent };
};

/** What a span must say of a call to the driver. */
const said = (statements: readonly string[]) => {
  const parts = statements.map(
    (text) => /^(?<verb>INSERT|SELECT|UPDATE)(?: INTO| \* FROM)? (?<table>\w+)/.exec(text)?.groups,
  );
  return {
    'db.system.name': 'cassandra',
    'db.operation.name': parts.length === 1 ? parts[0]?.verb : 'BATCH',
    'db.collection.name': [...new Set(parts.map((part) => part?.table))].join(','),
  };
};

describe('the spans of an accepted event', () => {
  const [order, payment, erasure] = [orderEntry(1), paymentEntry(2), decisionEntry(3)];
  const guest = orderEntry(2, { customerId: undefined });

  it.each([
    ['an early payment', payment, [payment], 2],
    ['a payment whose order is here', payment, [payment, order], 3],
    ['an order without a payment', order, [order], 2],
    ['an order whose payment is here', order, [payment, order], 3],
    ['an order that brings a customer behind a guest', order, [guest, order], 3],
    ['an erasure of a payment that waits', erasure, [payment, erasure], 3],
    ['an erasure of an order and its payment', erasure, [payment, erasure, order], 3],
  ] as const)('say what is sent, with the tables, for %s', async (_what, entry, ledger, calls) => {
    const { store, sent } = createNotingStore(ledger);
    const { tracer, spans } = createRecordingTracer();

    await traceSteps(tracer, event(), { store, tell: async () => {} }, (traced) => accept(entry, traced));

    expect(sent).toHaveLength(calls);
    expect(spans.filter(({ kind }) => kind === 'client').map(({ attributes }) => attributes)).toEqual(
      sent.map(said),
    );
  });

  it('are one for each step of the store, and one that says what the fold had', async () => {
    const { spans, acceptNext, store } = setUp();
    await store.recordEntry(orderEntry(1));

    await acceptNext(paymentEntry(2));

    expect(spans.map(({ name, kind, parent }) => [name, kind, parent])).toEqual([
      ['record', 'client', TRACEPARENT],
      ['read', 'client', TRACEPARENT],
      ['fold', 'internal', TRACEPARENT],
      ['show', 'client', TRACEPARENT],
    ]);
    expect(spans[2]?.attributes).toEqual({ 'tally.entries': 2 });
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
