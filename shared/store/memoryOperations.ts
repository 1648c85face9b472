import { isFoundByLedger, monthOf, monthsOf } from '../domain/deadLetter.ts';
import type { DeadLetterAction } from '../domain/deadLetterAction.ts';
import { payloadErasureWriteTime } from '../domain/writeTimes.ts';
import type { MemoryTable } from './memoryTable.ts';
import type { HeadColumn, Operation, OperationsStore, DeadLetterHead } from './operationsStore.ts';
import type { AuditSource, DeadLetterRow } from './auditSource.ts';
import { type DeadLetterPlace, formatPlace } from '../domain/deadLetterPlace.ts';

/** The part of `OperationsStore` that is not the audit's, and what the audit needs of it. */
type MemoryOperations = Omit<
  OperationsStore,
  'scanDeadLetterPages' | Exclude<keyof AuditSource, 'findActions' | 'mayHaveExpired'>
>;

/** What operators need, in memory: on the table of the dead letters, and on lists for all else. */
export const createMemoryOperations = (
  deadLetters: MemoryTable,
  deadLetterAt: (key: string) => DeadLetterRow,
): MemoryOperations => {
  const actions = new Map<string, DeadLetterAction[]>();
  const operations = new Map<string, Operation>();
  const rowsOf = (day: string): DeadLetterRow[] => deadLetters.keys(day).map(deadLetterAt);
  return {
    scanDay: async function* (day, after) {
      const sorted = rowsOf(day).toSorted((a, b) => a.shard - b.shard || (textOf(a) < textOf(b) ? -1 : 1));
      yield sorted.filter((row) => after === undefined || isBehind(row, after));
    },
    scanHeads: async function* (day, columns) {
      yield rowsOf(day).map((row) => headOf(row, columns));
    },
    scanPlacesOfOrder: async function* (orderId, { sinceMs, untilMs }) {
      const months = monthsOf(sinceMs, untilMs);
      yield deadLetters
        .keys()
        .map(deadLetterAt)
        .filter(
          (row) => row.orderId === orderId && !isFoundByLedger(row) && months.includes(monthOf(row.day)),
        )
        .map(({ day, shard, id, reason }) => ({ day, shard, id, reason }));
    },
    recordAction: async ({ day, shard, id }, action) => {
      const key = `${day}/${shard}/${id}`;
      actions.set(key, [...(actions.get(key) ?? []), action]);
    },
    findActions: async ({ day, shard, id }) =>
      (actions.get(`${day}/${shard}/${id}`) ?? []).toSorted((a, b) => a.actedAtMs - b.actedAtMs),
    mayHaveExpired: async () => false,
    erasePayload: async (place, erasedAtMs) =>
      deadLetters.write(
        formatPlace(place),
        { payload: null, payload_bytes: null },
        payloadErasureWriteTime(erasedAtMs),
      ),
    recordOperation: async (operation) => {
      operations.set(operation.operationId, operation);
    },
    findOperations: async (day) =>
      [...operations.values()]
        .filter(({ startedAtMs }) => new Date(startedAtMs).toISOString().startsWith(day))
        .toSorted((a, b) => a.startedAtMs - b.startedAtMs),
    clockMs: async () => Date.now(),
  };
};

const headOf = (row: DeadLetterRow, columns: readonly HeadColumn[]): DeadLetterHead => {
  const { day, shard, id, reason, publishedAtMs } = row;
  const has = (column: HeadColumn): boolean => columns.includes(column);
  return {
    day,
    shard,
    id,
    reason,
    publishedAtMs,
    originTopic: has('origin_topic') ? row.originTopic : undefined,
    orderId: has('order_id') ? row.orderId : undefined,
    paymentId: has('payment_id') ? row.paymentId : undefined,
    error: has('error') ? row.error : undefined,
  };
};

/** The clustering columns as Cassandra sorts them. */
const textOf = ({ id, reason }: DeadLetterPlace): string => `${id}/${reason}`;

const isBehind = (row: DeadLetterPlace, after: DeadLetterPlace): boolean =>
  row.shard === after.shard ? textOf(row) > textOf(after) : row.shard > after.shard;
