import type { Client, types as driverTypes } from 'cassandra-driver';
import { types } from 'cassandra-driver';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONNECT_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from '../../shared/deadlines.ts';
import { accept } from '../../shared/protocol/accept.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { type CqlFrame, OPCODE } from '../support/wire/cqlFrame.ts';
import type { Statements } from '../support/wire/cqlStatements.ts';
import {
  deadPayment,
  forwardedPayment,
  orderTo,
  paymentTo,
  type WireMessage,
} from '../support/wire/wireMessages.ts';
import { startWireStack } from '../support/wire/wireStack.ts';
import { until } from '../../proof/until.ts';

interface Sent {
  readonly kind: 'read' | 'write' | 'batch' | 'unprepared';
  readonly texts: readonly string[];
  readonly consistency: number | undefined;
}

/** What a request does to Tally's tables; undefined for what the driver does by itself. */
const sentIn = (request: CqlFrame, statements: Statements): Sent | undefined => {
  const texts = statements.of(request);
  if (request.opcode === OPCODE.batch) return { kind: 'batch', texts, consistency: undefined };
  if (request.opcode === OPCODE.execute) {
    const { body } = request;
    // The id of the statement, then the consistency, as the protocol's version 4 has it.
    const consistency = body.readUInt16BE(2 + body.readUInt16BE(0));
    return { kind: texts[0]?.startsWith('SELECT') === true ? 'read' : 'write', texts, consistency };
  }
  const isOurs = request.opcode === OPCODE.query && !texts.some((text) => /^USE | system/.test(text));
  return isOurs ? { kind: 'unprepared', texts, consistency: undefined } : undefined;
};

describe.skipIf(!hasCassandra)('on the wire to Cassandra', () => {
  const { config, client, store, nextOrderId } = setUpIntegration();

  /** The three functions on a connection of which every request is noted. */
  const startNoting = async () => {
    const stack = await startWireStack(config());
    onTestFinished(() => stack.stop());
    const sent: Sent[] = [];
    stack.proxy.lay({
      hits: (request, statements) => {
        const one = sentIn(request, statements);
        if (one !== undefined) sent.push(one);
        return false;
      },
      strike: () => {},
    });
    const push = async (...messages: readonly WireMessage[]): Promise<void> => {
      for (const message of messages) expect(await stack.push(message)).toBe(204);
    };
    return { push, sent };
  };

  it.each([
    ['an order', ['batch', 'read'], [], orderTo],
    ['an order whose payment is here', ['batch', 'read', 'batch'], [paymentTo], orderTo],
    ['a payment', ['write', 'read', 'batch'], [orderTo], paymentTo],
    ['an early payment', ['write', 'read'], [], paymentTo],
    ['a message with two reports', ['write', 'write', 'write'], [], deadPayment],
    ['an early payment that Pub/Sub forwarded', ['write', 'read', 'write'], [], forwardedPayment],
  ] as const)('these statements are sent for %s: %j', async (_what, kinds, before, last) => {
    const { push, sent } = await startNoting();
    const orderId = nextOrderId();
    await push(...before.map((message) => message(orderId)));
    sent.length = 0;

    await push(last(orderId));

    expect(sent.map(({ kind }) => kind)).toEqual(kinds);
    for (const { kind, texts } of sent) expect(texts).toHaveLength(kind === 'batch' ? 2 : 1);
  });

  it('every statement is prepared, binds its values, names its time, and is neither conditional nor a delete', async () => {
    const { push, sent } = await startNoting();
    const orderId = nextOrderId();
    const other = { payment_id: 1, payment_method: 'Cash' };
    await push(paymentTo(orderId), orderTo(orderId), paymentTo(orderId, other));
    await push(
      deadPayment(orderId),
      forwardedPayment(orderId),
      forwardedPayment(orderId, { card_last_four: 'x' }),
    );

    const texts = sent.flatMap((statement) => statement.texts);
    const writes = texts.filter((text) => !text.startsWith('SELECT'));
    expect(writes.length).toBeGreaterThan(10);
    expect(sent.filter(({ kind }) => kind === 'unprepared')).toEqual([]);
    expect(texts.filter((text) => !text.includes('?'))).toEqual([]);
    expect(writes.filter((text) => !text.includes('USING TIMESTAMP ?'))).toEqual([]);
    expect(texts.filter((text) => /\bIF\b|\bDELETE\b|\bTTL\b|\bCOUNTER\b/i.test(text))).toEqual([]);
    // A value in the text would make the server prepare another statement for each.
    expect(texts.filter((text) => text.includes(String(orderId)) || text.includes("'"))).toEqual([]);
    const levels = new Set(sent.map(({ consistency }) => consistency));
    expect(levels).toEqual(new Set([types.consistencies.localQuorum, undefined]));
  });

  it('every statement has a time limit, may be repeated, and asks for LOCAL_QUORUM, in a batch too', async () => {
    const connection = await client().connect();

    expect(Reflect.get(connection, 'options')).toMatchObject({
      queryOptions: { prepare: true, isIdempotent: true, consistency: types.consistencies.localQuorum },
      socketOptions: { readTimeout: STATEMENT_TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS },
    });
  });

  it('the server has prepared statements without a condition only, and a handful of them', async () => {
    const { push } = await startNoting();
    const orderId = nextOrderId();
    await push(orderTo(orderId), paymentTo(orderId), forwardedPayment(orderId, { card_last_four: null }));
    const connection = await client().connect();

    const { rows } = await connection.execute(
      'SELECT query_string, logged_keyspace FROM system.prepared_statements',
      [],
      { consistency: types.consistencies.one },
    );

    const prepared = rows
      .filter((row) => row.get('logged_keyspace') === config().keyspace)
      .map((row) => String(row.get('query_string')))
      .filter((text) => !text.includes('system'));
    expect(prepared.filter((text) => /\bIF\b/.test(text))).toEqual([]);
    expect(prepared.length).toBeGreaterThan(4);
    expect(prepared.length).toBeLessThan(15);
  });

  const guest = { customerId: undefined };
  const cardless = { cardLastFour: undefined };
  it.each([
    [
      'an order and its payment, in any order and twice',
      [paymentEntry(1), orderEntry(2), paymentEntry(1)],
      0,
    ],
    ['two payments', [orderEntry(1), paymentEntry(2), paymentEntry(3, { paymentId: 7n })], 0],
    ['a newer version', [orderEntry(1), orderEntry(2, { item: 'Book' })], 0],
    ['a guest’s order', [orderEntry(1, guest)], 1],
    ['a guest’s order, sent again', [orderEntry(1, guest), orderEntry(1, guest), orderEntry(2, guest)], 1],
    ['a customer’s version after a guest’s', [orderEntry(1, guest), orderEntry(2)], 0],
    ['a payment without a card', [orderEntry(1), paymentEntry(2, cardless)], 1],
    ['a payment without a card whose order does not come', [paymentEntry(2, cardless)], 0],
    [
      'a payment without a card, then a better one',
      [
        orderEntry(1),
        paymentEntry(2, { ...cardless, paymentStatus: 'declined' }),
        paymentEntry(3, { paymentId: 7n }),
      ],
      0,
    ],
    // Two of the order and one of the payment: in the row, and in the ledger.
    ['an erasure', [orderEntry(1), paymentEntry(2), decisionEntry(3)], 6],
  ] as const)(
    '%s: in the tables are the tombstones that must be, and no other',
    async (_what, entries, tombstones) => {
      const orderId = BigInt(nextOrderId());
      for (const entry of entries) {
        const own = { ...entry, orderId } as typeof entry;
        await accept(own, { store: store(), tell: async () => {} });
      }

      expect(await tombstonesOf(await client().connect(), orderId)).toBe(tombstones);
    },
  );
});

/** The tombstones that a read of the order's rows meets. A null that was written is seen in no other way. */
const tombstonesOf = async (connection: Client, orderId: bigint): Promise<number> => {
  let tombstones = 0;
  for (const table of ['orders_payments_facts', 'ledger_by_order']) {
    const { info } = await connection.execute(`SELECT * FROM ${table} WHERE order_id = ?`, [orderId], {
      traceQuery: true,
    });
    const activities = await activitiesOf(connection, info.traceId);
    const counts = activities.flatMap((activity) => /and (\d+) tombstone cells/.exec(activity)?.[1] ?? []);
    if (counts.length === 0) throw new Error(`the trace counts no cells: ${activities.join('; ')}`);
    tombstones += counts.reduce((sum, count) => sum + Number(count), 0);
  }
  return tombstones;
};

/** The server's trace of a statement. Waits until the trace is complete. */
const activitiesOf = (connection: Client, traceId: driverTypes.Uuid | undefined): Promise<string[]> =>
  until('the whole trace', async () => {
    if (traceId === undefined) throw new Error('the statement was not traced');
    const { events, duration } = await connection.metadata.getTrace(traceId);
    return duration > 0 && events.map(({ activity }) => String(activity));
  });
