import { inspectOrder } from '../audit/inspectOrder.ts';
import { deadLetterKeyOf } from '../domain/deadLetter.ts';
import type { OperationsStore } from '../store/operationsStore.ts';
import { toLedgerEntries } from '../store/rows.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import { createRowMatcher, type DeadLetterFilter } from './deadLetterFilter.ts';
import { deadLetterOf } from './heal.ts';
import { selectDeadLetters } from './selectDeadLetters.ts';

/**
 * What a discard takes: the dead letters of a filter, and behind those of an order its payments that wait and
 * whose dead letters have expired. Only the ledger has these, and they are parked until somebody decides.
 */
export const selectDiscardable = async function* (
  store: OperationsStore,
  filter: DeadLetterFilter,
  options: Parameters<typeof selectDeadLetters>[2],
): AsyncGenerator<DeadLetterRow> {
  const waiting = await waitingOf(store, filter, options.nowMs);
  for await (const row of selectDeadLetters(store, filter, options)) {
    if (row.reason === 'unmatched') waiting.delete(row.id);
    yield row;
  }
  yield* waiting.values();
};

/** The payments that wait for a filter's order, as the dead letters that they have or had, by their ids. */
export const waitingOf = async (
  store: Pick<OperationsStore, 'findOrderRecord'>,
  filter: DeadLetterFilter,
  nowMs: number,
): Promise<Map<string, DeadLetterRow>> => {
  if (filter.orderId === undefined || filter.state === 'closed') return new Map();
  const record = await store.findOrderRecord(filter.orderId);
  const unmatched = inspectOrder(record).reports.filter(({ reason }) => reason === 'unmatched');
  const entries = new Map(toLedgerEntries(record.ledger).map((entry) => [entry.eventId, entry]));
  const rows = unmatched.flatMap((report) => {
    const entry = entries.get(report.id);
    return entry === undefined ? [] : { ...deadLetterKeyOf(report), ...deadLetterOf(report, entry, nowMs) };
  });
  return new Map(rows.filter(createRowMatcher(filter)).map((row) => [row.id, row]));
};
