import { types } from 'cassandra-driver';
import * as z from 'zod';
import { DEAD_LETTER_REASONS, DEAD_LETTER_SHARDS, monthsOf } from '../domain/deadLetter.ts';
import { dayOf } from '../domain/dayOf.ts';
import { payloadErasureWriteTime } from '../domain/writeTimes.ts';
import type { CassandraClient } from './driver/cassandraClient.ts';
import {
  createCassandraAuditSource,
  keyParamsOf,
  OF_PARTITION,
  REST_OF_PARTITION,
  SELECT_PARTITION,
} from './cassandraAuditSource.ts';
import type { HeadColumn, Operation, OperationsStore, DeadLetterHead } from './operationsStore.ts';
import { readPages, readRows } from './driver/readPages.ts';
import { toDeadLetterHead, toDeadLetterRow } from './rows.ts';
import type { DeadLetterRow } from './auditSource.ts';
import type { DeadLetterPlace } from '../domain/deadLetterPlace.ts';
import { scanPartitions } from './scanPartitions.ts';
import { toStoreError } from './driver/toStoreError.ts';

const PAGE_ROWS = 5_000;
/** A day has 1,024 shards. The heads of so many are read at the same time. */
const SHARDS_AT_ONCE = 64;

/** Every order has its dead letters in partitions by month. So many are read at the same time. */
const MONTHS_AT_ONCE = 64;

const PLACES =
  'SELECT day, shard, event_id, reason FROM dead_letters_by_order WHERE order_id = ? AND month = ?';
/** An action is kept for ever, because what it closes may be. No TTL of the table may end it sooner. */
const INSERT_ACTION = `INSERT INTO dead_letter_actions (day, shard, event_id, reason, acted_at, operation_id, action, operator,
   because, redrives, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL 0`;
/** Null takes the value away: a dead letter that is recorded again has an earlier write time. */
const ERASE_PAYLOAD =
  'UPDATE dead_letters USING TIMESTAMP ? SET payload = ?, payload_bytes = ? WHERE day = ? AND shard = ? AND event_id = ? AND reason = ?';
const INSERT_OPERATION = `INSERT INTO operations (day, started_at, operation_id, action, operator, filter, because, ended_at, result)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const CLOCK = 'SELECT toUnixTimestamp(now()) AS now FROM system.local';
const OPERATIONS_OF_DAY = 'SELECT * FROM operations WHERE day = ?';

/** What operators need, on Cassandra. The client sets consistency, preparation and idempotence. */
export const createCassandraOperationsStore = (client: CassandraClient): OperationsStore => {
  const select: Select = (query, params) =>
    readRows<types.Row>(client, { query, params, pageRows: PAGE_ROWS });
  const write = async (query: string, params: readonly unknown[]): Promise<void> => {
    try {
      await (await client.connect()).execute(query, [...params]);
    } catch (error) {
      throw toStoreError(error);
    }
  };

  return {
    ...createCassandraAuditSource(client),
    scanDay: (day, after) => scanDay(select, day, after),
    scanHeads: (day, columns) => scanHeads(select, day, columns),
    scanPlacesOfOrder: (orderId, span) => scanPlaces(client, orderId, span),
    recordAction: (key, action) =>
      write(INSERT_ACTION, [
        ...keyParamsOf(key),
        action.reason,
        new Date(action.actedAtMs),
        action.operationId,
        action.kind,
        action.operator,
        action.because,
        action.redrives,
        action.detail,
      ]),
    erasePayload: (place, erasedAtMs) =>
      write(ERASE_PAYLOAD, [
        payloadErasureWriteTime(erasedAtMs),
        null,
        null,
        ...keyParamsOf(place),
        place.reason,
      ]),
    recordOperation: (operation) =>
      write(INSERT_OPERATION, [
        types.LocalDate.fromString(dayOf(operation.startedAtMs)),
        new Date(operation.startedAtMs),
        operation.operationId,
        operation.action,
        operation.operator,
        operation.filter,
        operation.because,
        operation.endedAtMs === undefined ? undefined : new Date(operation.endedAtMs),
        operation.result,
      ]),
    findOperations: async (day) =>
      (await select(OPERATIONS_OF_DAY, [types.LocalDate.fromString(day)])).map(toOperation),
    clockMs: async () => Number((await select(CLOCK, []))[0]?.now),
  };
};

type Select = (query: string, params: readonly unknown[]) => Promise<readonly types.Row[]>;

const scanDay = async function* (
  select: Select,
  day: string,
  after: DeadLetterPlace | undefined,
): AsyncGenerator<readonly DeadLetterRow[]> {
  const date = types.LocalDate.fromString(day);
  if (after !== undefined) {
    const params = [date, after.shard, after.id, after.reason];
    yield (await select(REST_OF_PARTITION, params)).map(toDeadLetterRow);
  }
  const shards = { first: (after?.shard ?? -1) + 1, end: DEAD_LETTER_SHARDS };
  for await (const rows of scanPartitions(shards, (shard) => select(SELECT_PARTITION, [date, shard])))
    yield rows.map(toDeadLetterRow);
};

const scanHeads = async function* (
  select: Select,
  day: string,
  columns: readonly HeadColumn[],
): AsyncGenerator<readonly DeadLetterHead[]> {
  const query = `SELECT ${['event_id, reason, published_at', ...columns].join(', ')} ${OF_PARTITION}`;
  const date = types.LocalDate.fromString(day);
  // As soon as one shard is read, the next one begins. Nobody needs them in their order.
  const reading = new Map<number, Promise<readonly [shard: number, rows: readonly types.Row[]]>>();
  let next = 0;
  while (next < DEAD_LETTER_SHARDS || reading.size > 0) {
    for (; next < DEAD_LETTER_SHARDS && reading.size < SHARDS_AT_ONCE; next += 1) {
      const shard = next;
      const read = select(query, [date, shard]).then((rows) => [shard, rows] as const);
      // Whoever stops before it is needed does not hear of its failure.
      read.catch(() => {});
      reading.set(shard, read);
    }
    const [shard, rows] = await Promise.race(reading.values());
    reading.delete(shard);
    yield rows.map((row) => toDeadLetterHead(row, { day, shard }));
  }
};

const scanPlaces = async function* (
  client: CassandraClient,
  orderId: bigint,
  { sinceMs, untilMs }: Parameters<OperationsStore['scanPlacesOfOrder']>[1],
): AsyncGenerator<readonly DeadLetterPlace[]> {
  const months = monthsOf(sinceMs, untilMs);
  for (let from = 0; from < months.length; from += MONTHS_AT_ONCE) {
    const some = months.slice(from, from + MONTHS_AT_ONCE);
    const pages = some.map((month) =>
      readPages(client, { query: PLACES, params: [orderId, month], pageRows: PAGE_ROWS }),
    );
    // Most months are empty, so their first pages are read together.
    const firsts = await Promise.all(pages.map((one) => one.next()));
    for (const { value } of firsts) yield (value ?? []).map(toPlace);
    for (const one of pages) for await (const rows of one) yield rows.map(toPlace);
  }
};

const placeSchema = z.object({
  day: z.coerce.string(),
  shard: z.number(),
  event_id: z.string(),
  reason: z.enum(DEAD_LETTER_REASONS),
});

const toPlace = (raw: unknown): DeadLetterPlace => {
  const { day, shard, event_id: id, reason } = placeSchema.parse(raw);
  return { day, shard, id, reason };
};

const operationSchema = z.object({
  started_at: z.date(),
  operation_id: z.string(),
  action: z.string().nullable(),
  operator: z.string().nullable(),
  filter: z.string().nullable(),
  because: z.string().nullable(),
  ended_at: z.date().nullable(),
  result: z.string().nullable(),
});

const toOperation = (raw: unknown): Operation => {
  const row = operationSchema.parse(raw);
  return {
    operationId: row.operation_id,
    startedAtMs: row.started_at.getTime(),
    action: row.action ?? '',
    operator: row.operator ?? '',
    filter: row.filter ?? '',
    because: row.because ?? '',
    endedAtMs: row.ended_at?.getTime(),
    result: row.result ?? undefined,
  };
};
