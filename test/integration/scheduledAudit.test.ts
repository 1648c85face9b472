import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../../functions/audit/handler.ts';
import { createAuditCursorStore } from '../../shared/store/auditCursor.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import type { CassandraClient } from '../../shared/store/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { findMissingMigrations, MIGRATIONS } from '../../shared/store/schema.ts';
import { order, payment } from '../support/builders.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra.ts';
import { createRecordingLog } from '../support/recordingLog.ts';
import { deadLetterOf, stamp } from '../support/records.ts';

const ORDERS = 500;
const EARLY = 100;

describe.skipIf(!hasCassandra)('the scheduled audit, on Cassandra', () => {
  let client: CassandraClient;

  const auditOf = (limits: { slices: number; budgetMs: number; patienceMs: number }) => {
    const recording = createRecordingLog();
    const answer = createAudit({
      sourceOf: (slice) => createCassandraAuditSource(client, slice),
      cursor: createAuditCursorStore(client),
      findMissingMigrations: () => findMissingMigrations(client),
      clock: Date.now,
      log: recording.log,
      limits,
    });
    return { answer: () => answer({ method: 'POST' }), lines: recording.lines };
  };

  beforeAll(async () => {
    ({ client } = await createTestKeyspace());
    const store = createCassandraStore(client);
    for (let id = 0; id < ORDERS; id += 1) await store.recordOrder(order({ orderId: BigInt(id) }), stamp(1));
    for (let id = 0; id < EARLY; id += 1) {
      const early = payment({ orderId: BigInt(ORDERS + id) });
      await store.parkPayment(early, stamp(1_000 + id));
      await store.recordDeadLetter(deadLetterOf(1_000 + id, early));
    }
  });
  afterAll(() => client.close());

  it('sees every row exactly once over calls that stop at once, and then begins again', async () => {
    const { answer, lines } = auditOf({ slices: 7, budgetMs: 0, patienceMs: 0 });

    for (let call = 0; call < 8; call += 1) expect(await answer()).toEqual({ status: 200 });

    const pass = lines().slice(0, 7);
    expect(pass.map((line) => line.next_slice)).toEqual([1, 2, 3, 4, 5, 6, 0]);
    const sum = (field: string) => pass.reduce((total, line) => total + Number(line[field]), 0);
    expect(sum('orders')).toBe(ORDERS);
    expect(sum('parked')).toBe(EARLY);
    expect(sum('open_dead_letters')).toBe(EARLY);
    expect(sum('violations')).toBe(0);
    expect(lines()[7]).toMatchObject({ next_slice: 1, pass_finished: false });
  });

  it('looks at small tables whole in each call, with the slices that are deployed', async () => {
    const { answer, lines } = auditOf({ slices: 1024, budgetMs: 240_000, patienceMs: 0 });
    await createAuditCursorStore(client).write({ nextSlice: 0, passStartedAtMs: 0 });

    await answer();

    expect(lines()).toMatchObject([{ outcome: 'clean', orders: ORDERS, parked: EARLY, pass_finished: true }]);
    console.log(`1,024 slices of an almost empty ring: ${String(lines()[0]?.duration_ms)} ms`);
  });

  it('notices that a migration is missing', async () => {
    const connection = await client.connect();
    const [last = ''] = MIGRATIONS.slice(-1);
    await connection.execute('DELETE FROM schema_migrations WHERE name = ?', [last]);
    const { answer, lines } = auditOf({ slices: 7, budgetMs: 0, patienceMs: 0 });

    await answer();

    expect(lines()).toMatchObject([{ outcome: 'schema', missing_migrations: [last] }]);
  });
});
