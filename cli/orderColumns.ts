import type { DeadLetterAction } from '../shared/domain/deadLetterAction.ts';
import type { LedgerEntry } from '../shared/domain/ledgerEntry.ts';
import { entryCells } from '../shared/store/columns.ts';
import { factColumns } from '../shared/store/rows.ts';
import type { DeadLetterRow, FactRow, LedgerRow } from '../shared/store/auditSource.ts';

/** The values of a row, by the names of its columns. */
type Columns = Readonly<Record<string, bigint | number | string | boolean | undefined>>;

/** The row of `orders_payments_facts`. */
export const rowColumns = (fact: FactRow): Columns => ({ order_id: fact.orderId, ...factColumns(fact) });

/** A row of `ledger_by_order`. Its kind decides which columns there are. */
export const ledgerColumns = (row: LedgerRow): Columns => ({
  kind: row.kind,
  event_id: row.eventId,
  at: toTime(row.atMs),
  published_at: toTime(row.publishedAtMs),
  erased_at: toTime(row.erasedAtMs),
  ...(row.entry === undefined ? { lost_columns: true } : contentColumns(row.entry)),
});

const contentColumns = (entry: LedgerEntry): Columns => {
  const { kind: _, published_at: __, ...cells } = entryCells(entry);
  return Object.fromEntries(
    Object.entries(cells).map(([column, value]) => [
      column,
      value instanceof Date ? value.toISOString() : value,
    ]),
  );
};

/** A row of `dead_letters`, without its key and its payload. */
export const deadLetterColumns = (row: DeadLetterRow): Columns => ({
  id: row.id,
  reason: row.reason,
  error: row.error,
  told_by: row.toldBy,
  payment_id: row.paymentId,
  origin_topic: row.originTopic,
  origin_message_id: row.originMessageId,
  published_at: toTime(row.publishedAtMs),
  recorded_at: toTime(row.recordedAtMs),
  redrive_count: row.redriveCount,
  redacted: row.isRedacted,
  payload_bytes: row.payloadBytes,
  payload_sha256: row.payloadSha256,
});

/** A row of `dead_letter_actions`, without its key. */
export const actionColumns = (action: DeadLetterAction): Columns => ({
  acted_at: toTime(action.actedAtMs),
  action: action.kind,
  operator: action.operator,
  because: action.because,
  redrives: action.redrives,
  detail: action.detail,
  operation_id: action.operationId,
});

/** 1705831200123 gives '2024-01-21T10:00:00.123Z'. */
export const toTime = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();
