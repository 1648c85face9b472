import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../local/localPart.ts';
import { findFreePort } from '../../local/ports.ts';
import { runTally } from '../support/commands/runScript.ts';
import { createMemoryStoreClient } from '../../shared/store/memoryStoreClient.ts';
import type { Store } from '../../shared/store/store.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { targetLine } from '../support/commands/commandEnv.ts';
import { createKeyspace } from '../support/commands/createKeyspace.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';

const MAX = 2n ** 63n - 1n;

/**
 * Order 1 with a payment that came early, a payment that waits for the largest order, and halves of two
 * others.
 */
const fill = async (store: Store): Promise<void> => {
  await acceptAll(store, paymentEntry(1), orderEntry(2), paymentEntry(4, { orderId: MAX }));
  await store.recordDeadLetter(deadLetterOf(5, { orderId: 3n, reason: 'conflict' }));
  await recordOnly(store, paymentEntry(6, { orderId: 4n }));
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

Events in ledger_by_order: 2, oldest first
  payment 1001: Completed
    published 2024-01-21T10:00:00.124Z, event 00000000000000000000000000000001
  order: Shipped
    published 2024-01-21T10:00:00.125Z, event 00000000000000000000000000000002

Dead letters: 1, oldest first
  unmatched: payment 1001 waits for order 1
    closed
    published 2024-01-21T10:00:00.124Z, recorded 2024-01-21T10:00:01.123Z
    payment 1001, event 00000000000000000000000000000001, id 00000000000000000000000000000001

Its lines in the log:
  jsonPayload.message="message settled" AND jsonPayload.order_id="1"
`;

describe.skipIf(!hasCassandra)('tally order on Cassandra', () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    env = await createKeyspace(fill);
  });

  it('prints the row, the ledger and the dead letters of one order', async () => {
    const { exitCode, stdout, stderr } = await runTally(['order', '1'], { env });

    expect(exitCode).toBe(0);
    expect(stdout).toBe(ORDER_1);
    expect(stderr).toBe(targetLine(env));
  });

  it('prints one line of JSON with --json, for the largest id too', async () => {
    const { exitCode, stdout } = await runTally(['order', String(MAX), '--json'], { env });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      order_id: String(MAX),
      row: null,
      ledger: [{ kind: 'payment', ref: '1001', payment_status: 'Completed' }],
      dead_letters: [{ reason: 'unmatched', open: true, actions: [] }],
    });
  });

  it('exits 1 when no table knows the order, and says so', async () => {
    const [text, json] = await Promise.all([
      runTally(['order', '2'], { env }),
      runTally(['order', '2', '--json'], { env }),
    ]);

    const said = 'tally: order 2 is unknown: it has no row, no event and no dead letter\n';
    expect(text).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(`\n${said}`) });
    expect(json).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`\n${said}`) });
    expect(JSON.parse(json.stdout)).toEqual({
      order_id: '2',
      findings: [],
      problems: [],
      row: null,
      ledger: [],
      dead_letters: [],
      are_dead_letters_cut: false,
      log_query: 'jsonPayload.message="message settled" AND jsonPayload.order_id="2"',
    });
  });

  it('knows an order of which there is only a dead letter, or only an event', async () => {
    const [deadLetter, paymentEvent] = await Promise.all([
      runTally(['order', '3'], { env }),
      runTally(['order', '4'], { env }),
    ]);

    expect([deadLetter.exitCode, paymentEvent.exitCode]).toEqual([0, 0]);
    expect(deadLetter.stdout).toContain('Row in orders_payments_facts: none\n');
    expect(deadLetter.stdout).toContain('    closed\n');
    expect(paymentEvent.stdout).toContain('Order 4 has not come. One payment waits for it.\n');
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
