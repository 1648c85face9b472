import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../local/localPart.ts';
import { findFreePort } from '../../local/ports.ts';
import { order, payment, stamp } from '../../proof/referenceMessages.ts';
import { runTally } from '../../proof/runScript.ts';
import { createMemoryStoreClient } from '../../shared/store/memoryStoreClient.ts';
import type { Store } from '../../shared/store/store.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { createKeyspace } from '../support/commands/createKeyspace.ts';
import { deadLetterOf } from '../support/messages/records.ts';

const MAX = 2n ** 63n - 1n;

/**
 * Order 1 with a payment that came early, a payment that waits for the largest order, and halves of two
 * others.
 */
const fill = async (store: Store): Promise<void> => {
  await store.parkPayment(payment(), stamp(1));
  await store.recordDeadLetter(deadLetterOf(1));
  await store.recordOrder(order(), stamp(2));
  await store.attachPayments([{ ...stamp(1), payment: payment(), isParked: true }]);
  await store.markMatched(stamp(1), stamp(3).publishedAtMs);
  await store.parkPayment(payment({ orderId: MAX }), stamp(4));
  await store.recordDeadLetter(deadLetterOf(4, { orderId: MAX, error: `order ${MAX} has not come yet` }));
  await store.recordDeadLetter(deadLetterOf(5, { orderId: 3n, reason: 'conflict' }));
  await store.parkPayment(payment({ orderId: 4n }), stamp(6));
};

const ORDER_1 = `\
Order 1 is here. It shows payment 1001: Completed.

Row in orders_payments_facts:
  order_id          1
  customer_id       100
  item              Laptop
  quantity          2
  price             457.0966360351904
  shipping_address  123 Main St, City A, Country
  order_status      Shipped
  creation_date     2024-01-21
  payment_id        1001
  payment_method    PayPal
  card_last_four    0001
  payment_status    Completed
  payment_datetime  2024-01-21T01:01:30Z

Payment events in payments_by_order: 1, oldest first
  payment 1001: Completed
    published 2024-01-21T10:00:00.124Z, event 00000000000000000000000000000001
    parked, then joined to its order

Dead letters: 1, oldest first
  unmatched: order 1 has not come yet
    matched at 2024-01-21T10:00:00.126Z
    published 2024-01-21T10:00:00.124Z, recorded 2024-01-21T10:00:01.123Z
    payment 1001, event 00000000000000000000000000000001
`;

describe.skipIf(!hasCassandra)('tally order on Cassandra', () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    env = await createKeyspace(fill);
  });

  it('prints the row, the payment events and the dead letters of one order', async () => {
    const { exitCode, stdout, stderr } = await runTally(['order', '1'], { env });

    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(ORDER_1);
  });

  it('prints one line of JSON with --json, for the largest id too', async () => {
    const { exitCode, stdout } = await runTally(['order', String(MAX), '--json'], { env });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      orderId: String(MAX),
      row: null,
      ledger: [{ payment_id: '1001', parked: true }],
      deadLetters: [{ reason: 'unmatched', open: true, matched_at: null }],
    });
  });

  it('exits 1 when no table knows the order, and says so', async () => {
    const [text, json] = await Promise.all([
      runTally(['order', '2'], { env }),
      runTally(['order', '2', '--json'], { env }),
    ]);

    const said = 'tally: order 2 is unknown: it has no row, no payment event and no dead letter\n';
    expect(text).toEqual({ exitCode: 1, stdout: '', stderr: said });
    expect(json).toMatchObject({ exitCode: 1, stderr: said });
    expect(JSON.parse(json.stdout)).toEqual({ orderId: '2', row: null, ledger: [], deadLetters: [] });
  });

  it('knows an order of which there is only a dead letter, or only a payment event', async () => {
    const [deadLetter, paymentEvent] = await Promise.all([
      runTally(['order', '3'], { env }),
      runTally(['order', '4'], { env }),
    ]);

    expect([deadLetter.exitCode, paymentEvent.exitCode]).toEqual([0, 0]);
    expect(deadLetter.stdout).toContain('Row in orders_payments_facts: none\n');
    expect(deadLetter.stdout).toContain('    final: a person has to decide\n');
    expect(paymentEvent.stdout).toContain('Order 4 has not come. One payment event waits for it.\n');
  });

  it('exits 2 when Cassandra cannot be reached, and says where it looked', async () => {
    const address = `127.0.0.1:${await findFreePort()}`;

    const { exitCode, stdout, stderr } = await runTally(['order', '1'], {
      env: { ...env, CASSANDRA_CONTACT_POINTS: address },
    });

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^tally: could not look: .*ECONNREFUSED/m);
    expect(stderr).toContain(address);
  });
});

describe('tally order on the in-memory store', () => {
  let memory: LocalPart;
  beforeAll(async () => {
    memory = await startMemoryStore('the test');
    await fill(createMemoryStoreClient(memory.env.TALLY_MEMORY_STORE_URL ?? ''));
  });
  afterAll(() => memory.stop());

  it('prints the same', async () => {
    const { stdout } = await runTally(['order', '1'], {
      env: { PATH: process.env.PATH ?? '', ...memory.env },
    });

    expect(stdout).toBe(ORDER_1);
  });
});
