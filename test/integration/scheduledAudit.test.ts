import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../../functions/audit/handler.ts';
import type { AuditLimits } from '../../functions/audit/limits.ts';
import { createAuditCursorStore } from '../../shared/store/auditCursor.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import type { CassandraClient } from '../../shared/store/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { findMissingMigrations, MIGRATIONS } from '../../shared/store/schema.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { createRecordingLog, type LogLine } from '../support/functions/recordingLog.ts';
import { deadLetterOf } from '../support/messages/records.ts';
import { order, payment, stamp } from '../../proof/referenceMessages.ts';

const ORDERS = 500;
const EARLY = 100;
/** The archive of the audit is started with the deployed 1,024: `bundles.slow.test.ts`. */
const SLICES = 64;

const sumOf = (lines: readonly LogLine[], field: string): number =>
  lines.reduce((total, line) => total + Number(line[field]), 0);

describe.skipIf(!hasCassandra)('the scheduled audit, on Cassandra', () => {
  let client: CassandraClient;

  const auditOf = (limits: Omit<AuditLimits, 'deadlineMs'>) => {
    const recording = createRecordingLog();
    const answer = createAudit({
      sourceOf: (slice) => createCassandraAuditSource(client, slice),
      cursor: createAuditCursorStore(client),
      findMissingMigrations: () => findMissingMigrations(client),
      clock: Date.now,
      log: recording.log,
      limits: { ...limits, deadlineMs: 300_000 },
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

  it('sees every row exactly once over many short calls, and then begins again', async () => {
    const { answer, lines } = auditOf({ slices: 7, budgetMs: 0, patienceMs: 0 });

    for (let call = 0; call < 8; call += 1) expect(await answer()).toEqual({ status: 200 });

    const pass = lines().slice(0, 7);
    expect(pass.map((line) => line.next_slice)).toEqual([1, 2, 3, 4, 5, 6, 0]);
    expect(sumOf(pass, 'orders')).toBe(ORDERS);
    expect(sumOf(pass, 'parked')).toBe(EARLY);
    expect(sumOf(pass, 'open_dead_letters')).toBe(EARLY);
    expect(sumOf(pass, 'violations')).toBe(0);
    expect(lines()[7]).toMatchObject({ next_slice: 1, pass_finished: false });
  });

  it('reads small tables as a whole in each call', async () => {
    const { answer, lines } = auditOf({ slices: SLICES, budgetMs: 240_000, patienceMs: 0 });
    await createAuditCursorStore(client).write({ nextSlice: 0, slices: SLICES, passStartedAtMs: 0 });

    await answer();

    // The call logs another line before this one, about the first payment that waits.
    const last = lines().at(-1);
    expect(last).toMatchObject({ outcome: 'clean', pass_finished: true });
    expect(sumOf(lines(), 'slices')).toBe(SLICES);
    expect(sumOf(lines(), 'orders')).toBe(ORDERS);
    expect(sumOf(lines(), 'parked')).toBe(EARLY);
  });

  it('starts again when the number of slices differs from the cursor’s', async () => {
    const kept = { nextSlice: 5, slices: 1024, passStartedAtMs: 1_700_000_000_000 };
    await createAuditCursorStore(client).write(kept);
    const { answer, lines } = auditOf({ slices: 7, budgetMs: 0, patienceMs: 0 });

    expect(await createAuditCursorStore(client).read()).toEqual(kept);
    await answer();

    expect(lines()).toMatchObject([{ next_slice: 1, pass_finished: false }]);
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
