import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../../functions/audit/handler.ts';
import { AUDIT_LIMITS, type AuditLimits } from '../../functions/audit/limits.ts';
import { START } from '../../shared/audit/walk.ts';
import { createAuditCursorStore } from '../../shared/store/auditCursor.ts';
import { createAuditSuspicionStore, type KeptSuspicion } from '../../shared/store/auditSuspicionStore.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import type { CassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { findMissingMigrations, MIGRATIONS } from '../../shared/store/schema.ts';
import type { ScanPlace } from '../../shared/store/auditSource.ts';
import type { Store } from '../../shared/store/store.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { createRecordingLog, type LogLine } from '../support/functions/recordingLog.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';
import { PUBLISHED_AT_MS, stamp } from '../support/messages/domain.ts';

const ORDERS = 300;
const EARLY = 100;
/** The dead letters of one partition: they have ids that give one shard, and one day. */
const TOGETHER = 200;

const sumOf = (lines: readonly LogLine[], field: string): number =>
  lines.reduce((total, line) => total + Number(line[field]), 0);

describe.skipIf(!hasCassandra)('the scheduled audit, on Cassandra', () => {
  let client: CassandraClient;
  let store: Store;
  const clock = { nowMs: Date.now() };

  const auditWith = (limits: Partial<AuditLimits> = {}) => {
    const recording = createRecordingLog();
    const answer = createAudit({
      source: createCassandraAuditSource(client),
      cursor: createAuditCursorStore(client),
      suspicions: createAuditSuspicionStore(client),
      findMissingMigrations: () => findMissingMigrations(client),
      clock: () => clock.nowMs,
      log: recording.log,
      limits: { ...AUDIT_LIMITS, rowsPerSecond: Infinity, ...limits },
    });
    return { call: () => answer({ method: 'POST' }), lines: recording.lines };
  };
  const startAnew = () =>
    createAuditCursorStore(client).write({
      place: START,
      passStartedAtMs: clock.nowMs,
      lookedAgainUpToMs: clock.nowMs - 1,
    });

  beforeAll(async () => {
    ({ client } = await createTestKeyspace());
    store = createCassandraStore(client);
    for (let id = 0; id < ORDERS; id += 1) await acceptAll(store, orderEntry(1, { orderId: BigInt(id) }));
    for (let id = 0; id < EARLY; id += 1) {
      await acceptAll(store, paymentEntry(1_000 + id, { orderId: BigInt(ORDERS + id) }));
    }
    for (let number = 0; number < TOGETHER; number += 1) {
      await store.recordDeadLetter(
        deadLetterOf(number, {
          id: `00000000${'0'.repeat(16)}${number.toString(16).padStart(8, '0')}`,
          reason: 'invalid',
        }),
      );
    }
  });
  afterAll(() => client.close());

  it('sees every row exactly once over many short calls, inside a partition too, and then begins again', async () => {
    await startAnew();
    const { call, lines } = auditWith({ budgetMs: 0 });

    for (let calls = 0; calls < 60; calls += 1) expect(await call()).toEqual({ status: 200 });

    const last = lines().findIndex((line) => line.pass_finished === true);
    const pass = lines().slice(0, last + 1);
    expect(pass.length).toBeGreaterThan(40);
    expect(sumOf(pass, 'rows')).toBe(ORDERS + 2 * EARLY + TOGETHER);
    expect(sumOf(pass, 'orders')).toBe(ORDERS);
    expect(sumOf(pass, 'parked')).toBe(EARLY);
    // One of those in a partition has the id of an event that was accepted.
    expect(sumOf(pass, 'open_dead_letters')).toBe(EARLY + TOGETHER - 1);
    expect(sumOf(pass, 'suspected')).toBe(0);
    expect(lines()[last + 1]).toMatchObject({ next_table: 'orders', pass_finished: false });
  });

  it('reads small tables as a whole in each call', async () => {
    await startAnew();
    const { call, lines } = auditWith();

    await call();

    expect(lines()).toMatchObject([
      { outcome: 'clean', pass_finished: true, orders: ORDERS, parked: EARLY, violations: 0 },
    ]);
  });

  it('remembers what it suspects, and tells a violation at the second look', async () => {
    await startAnew();
    await recordOnly(store, orderEntry(1, { orderId: 9_001n }), paymentEntry(2, { orderId: 9_001n }));
    const { call, lines } = auditWith();

    await call();
    clock.nowMs += AUDIT_LIMITS.inProgressMs;
    await call();
    await acceptAll(store, paymentEntry(2, { orderId: 9_001n }));
    clock.nowMs += AUDIT_LIMITS.inProgressMs;
    await call();

    expect(lines().map(({ violations, suspected }) => [violations, suspected])).toEqual([
      [0, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(String(lines()[1]?.details)).toBe(
      'I3: order 9001 and its payment 1001 are both here but not joined',
    );
  });

  it('notices that a migration is missing', async () => {
    const connection = await client.connect();
    const [last = ''] = MIGRATIONS.slice(-1);
    await connection.execute('DELETE FROM schema_migrations WHERE name = ?', [last]);
    const { call, lines } = auditWith();

    await call();

    expect(lines()).toMatchObject([{ outcome: 'schema', missing_migrations: [last] }]);
  });
});

describe.skipIf(!hasCassandra)('what the scheduled audit keeps in Cassandra', () => {
  let client: CassandraClient;
  beforeAll(async () => {
    ({ client } = await createTestKeyspace());
  });
  afterAll(() => client.close());

  const DEAD_LETTER = { day: '2026-01-01', shard: 17, id: stamp(1).eventId, reason: 'too_many' } as const;

  it.each<[string, ScanPlace]>([
    ['the beginning', START],
    ['an order', { table: 'orders', after: 2n ** 63n - 1n }],
    ['the beginning of the dead letters', { table: 'dead_letters', after: undefined }],
    ['a dead letter', { table: 'dead_letters', after: DEAD_LETTER }],
  ])('is the cursor, behind %s', async (_, place) => {
    const cursor = createAuditCursorStore(client);
    const kept = { place, passStartedAtMs: PUBLISHED_AT_MS, lookedAgainUpToMs: PUBLISHED_AT_MS + 1 };

    await cursor.write(kept);

    expect(await cursor.read()).toEqual(kept);
  });

  it('are suspicions, found by the time of their first look, oldest first, over hours', async () => {
    const suspicions = createAuditSuspicionStore(client);
    const HOUR_MS = 3_600_000;
    const at = (hours: number, orderId: bigint): KeptSuspicion => ({
      firstSeenAtMs: PUBLISHED_AT_MS + hours * HOUR_MS,
      subject: { table: 'orders', orderId },
      details: ['a sentence', 'and another'],
    });
    const all = [at(0, 1n), at(0, 2n), at(1.5, 3n), at(5, 4n)];
    const deadLetter: KeptSuspicion = {
      ...at(6, 0n),
      subject: { table: 'dead_letters', deadLetter: DEAD_LETTER },
    };
    for (const suspicion of [...all, deadLetter].toReversed()) await suspicions.remember(suspicion);
    const seen = (after: number, upTo: number) =>
      Array.fromAsync(
        suspicions.findSeen(PUBLISHED_AT_MS + after * HOUR_MS, PUBLISHED_AT_MS + upTo * HOUR_MS),
      );

    expect(await seen(-100, 100)).toEqual([]);
    expect(await seen(-1, 6)).toEqual([...all, deadLetter]);
    expect(await seen(0, 5)).toEqual(all.slice(2));
    expect(await seen(0, 4.9)).toEqual(all.slice(2, 3));
    expect(await seen(6, 7)).toEqual([]);
  });

  it('expires by itself, for nobody deletes it', async () => {
    const connection = await client.connect();
    await createAuditSuspicionStore(client).remember({
      firstSeenAtMs: PUBLISHED_AT_MS,
      subject: { table: 'orders', orderId: 5n },
      details: ['a sentence'],
    });

    const { rows } = await connection.execute('SELECT ttl(details) AS seconds FROM audit_suspicions');

    for (const row of rows) expect(Number(row.get('seconds'))).toBeGreaterThan(80_000);
  });
});
