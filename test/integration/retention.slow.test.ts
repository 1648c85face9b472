import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { audit } from '../../shared/audit/audit.ts';
import type { CassandraConfig } from '../../shared/config.ts';
import { ANY_DEAD_LETTER } from '../../shared/operations/deadLetterFilter.ts';
import { discard } from '../../shared/operations/discard.ts';
import { selectDeadLetters } from '../../shared/operations/selectDeadLetters.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import type { CassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraOperationsStore } from '../../shared/store/cassandraOperationsStore.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { readRetentionDays } from '../../shared/store/retention/readRetentionDays.ts';
import { setRetentionDays } from '../../shared/store/retention/setRetentionDays.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { stamp } from '../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';

const DAY_MS = 86_400_000;

describe.skipIf(!hasCassandra)('a retention of dead letters', () => {
  let config: CassandraConfig;
  let client: CassandraClient;
  beforeAll(async () => {
    ({ config, client } = await createTestKeyspace());
  });
  afterAll(() => client.close());
  const violationsOf = async (): Promise<readonly string[]> =>
    (await audit(createCassandraAuditSource(client), { patienceMs: 0 })).violations.map(
      ({ detail }) => detail,
    );

  it('is for dead letters only, and the audit asks for no old one then', async () => {
    const store = createCassandraStore(client);
    const published = { publishedAtMs: Date.now() - 30 * DAY_MS };
    await recordOnly(store, paymentEntry(1, { orderId: 1n }), paymentEntry(2, { orderId: 2n }, published));
    const untold = (orderId: number): string => `nobody was told: payment 1001 waits for order ${orderId}`;
    expect([await readRetentionDays(client), (await violationsOf()).toSorted()]).toEqual([
      undefined,
      [untold(1), untold(2)],
    ]);

    await setRetentionDays(config, 90);
    await acceptAll(store, paymentEntry(3, { orderId: 3n }), orderEntry(4, { orderId: 4n }));

    expect(await readRetentionDays(client)).toBe(90);
    // What is younger than 31 days cannot have expired, whatever the setting was.
    expect(await violationsOf()).toEqual([untold(2)]);
    const connection = await client.connect();
    const ttlIn = async (column: string, table: string): Promise<unknown[]> =>
      (await connection.execute(`SELECT TTL(${column}) AS ttl FROM ${table}`)).rows.map((row) =>
        row.get('ttl'),
      );
    expect(await ttlIn('error', 'dead_letters')).toEqual([expect.any(Number)]);
    expect(new Set(await ttlIn('kind', 'ledger_by_order'))).toEqual(new Set([null]));
    expect((await migrate(config)).applied).toEqual([]);
  });

  it('forgets no decision before the dead letter that it closes', async () => {
    const store = { ...createCassandraStore(client), ...createCassandraOperationsStore(client) };
    const connection = await client.connect();
    const invalid = { reason: 'invalid', orderId: undefined } as const;
    const select = (number: number, state?: 'open') => {
      const filter = { ...ANY_DEAD_LETTER, ids: [stamp(number).eventId], state };
      return Array.fromAsync(selectDeadLetters(store, filter, { nowMs: Date.now() }));
    };
    await connection.execute('ALTER TABLE dead_letters WITH default_time_to_live = 0');
    await store.recordDeadLetter(deadLetterOf(10, invalid));
    const [row] = await select(10, 'open');
    if (row === undefined) throw new Error('expected an open dead letter');

    // A keyspace whose retention was set by an earlier version has it on the actions, too.
    for (const table of ['dead_letters', 'dead_letter_actions'])
      await connection.execute(`ALTER TABLE ${table} WITH default_time_to_live = 2`);
    await discard({ store, clock: Date.now }, row, { operationId: 'op-1', operator: 'ann', because: '' });
    await store.recordDeadLetter(deadLetterOf(11, invalid));
    await until('a younger one has expired', async () => (await select(11)).length === 0);

    expect(await select(10)).toEqual([row]);
    expect(await select(10, 'open')).toEqual([]);
  });

  it('cannot be so long that a dead letter would expire after the last time that Cassandra has', async () => {
    const connection = await client.connect();
    const years = 15;
    await connection.execute(`ALTER TABLE dead_letters WITH default_time_to_live = ${years * 365 * 86_400}`);

    await expect(createCassandraStore(client).recordDeadLetter(deadLetterOf(20))).rejects.toThrow(
      'exceeds maximum supported expiration date',
    );
  });
});
