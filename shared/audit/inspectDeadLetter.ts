import type { DeadLetterAction, DeadLetterActionKind } from '../domain/deadLetterAction.ts';
import { isErased } from '../domain/fold.ts';
import { toLedgerEntries } from '../store/rows.ts';
import { charactersOf, isBeyondRead } from '../store/collectLedger.ts';
import type { DeadLetterRow, OrderRecord } from '../store/auditSource.ts';
import { inspectOrder } from './inspectOrder.ts';
import type { Violation } from './violation.ts';

/** What of a dead letter is compared with the ledger. */
export type ComparedDeadLetter = Pick<
  DeadLetterRow,
  'day' | 'shard' | 'id' | 'reason' | 'toldBy' | 'orderId' | 'payloadBytes' | 'publishedAtMs'
>;

interface DeadLetterInspection {
  /** The ledger still says what the dead letter reports, and no decision names it. */
  readonly isOpen: boolean;
  readonly violations: readonly Violation[];
}

/** What a dead letter is compared with: what the ledger of its order has and says, by ids. */
export interface LedgerIds {
  readonly eventIds: ReadonlySet<string>;
  /** Whether the order itself is here, and whether a payment of it is. */
  readonly hasOrder: boolean;
  readonly hasPayment: boolean;
  /** The ids of the dead letters that report what the ledger says now, without those that are decided. */
  readonly openIds: ReadonlySet<string>;
  /** The ids of the dead letters that a decision names, whatever came after it. */
  readonly decidedIds: ReadonlySet<string>;
  /** The ledger has more events than are read, older versions of the order left aside. */
  readonly isCut: boolean;
  /** The ledger has more rows than these, if only older versions of the order. */
  readonly hasMore: boolean;
  /** Events that were published up to this time are blank, in milliseconds; undefined without an erasure. */
  readonly erasedUpToMs: number | undefined;
}

/** The ids in an order's rows. They take a small part of the memory that the rows take. */
export const ledgerIdsOf = (record: OrderRecord): LedgerIds => {
  const { reports, isCut, erasedUpToMs } = inspectOrder(record);
  const entries = toLedgerEntries(record.ledger);
  const characters = entries.reduce((sum, entry) => sum + charactersOf(entry), 0);
  return {
    eventIds: new Set(record.ledger.map(({ eventId }) => eventId)),
    hasOrder: record.ledger.some(({ kind }) => kind === 'order'),
    hasPayment: record.ledger.some(({ kind }) => kind === 'payment'),
    openIds: new Set(reports.map(({ id }) => id)),
    decidedIds: new Set(
      entries.flatMap((entry) => (entry.kind === 'decision' ? entry.ref.split(' ').slice(0, 1) : [])),
    ),
    isCut,
    hasMore: isBeyondRead(record.ledger.length, characters),
    erasedUpToMs,
  };
};

/** What operators did with an `invalid` dead letter so that nobody has to look at it any more. */
const CLOSING: readonly DeadLetterActionKind[] = ['discarded', 'edited'];

/**
 * Compares a dead letter with the ledger of the order that it is about. Pure.
 *
 * An `invalid` one is not in the ledger. It is open until somebody has discarded or edited it, or until its
 * event has been accepted after all.
 *
 * A ledger that is too long to be read does not say what is over, except that the order has come. So what is
 * about it is open until somebody has decided.
 *
 * An event is told only after it is in the ledger. So a dead letter without its event is never in progress,
 * as long as the dead letter was read first.
 * @param ids those of that order; undefined when the dead letter names no order.
 * @param actions what operators did with it. Only those with an `invalid` one matter here.
 */
export const inspectDeadLetter = (
  row: ComparedDeadLetter,
  ids: LedgerIds | undefined,
  actions: readonly DeadLetterAction[] = [],
): DeadLetterInspection => {
  const { reason, id, toldBy, orderId } = row;
  const erasure = erasureViolations(row, ids?.erasedUpToMs);
  if (reason === 'invalid') {
    const isClosed = actions.some((action) => action.reason === reason && CLOSING.includes(action.kind));
    return { isOpen: !isClosed && ids?.eventIds.has(id) !== true, violations: erasure };
  }
  if (ids === undefined) {
    const detail = `dead letter ${id} (${reason}) does not say which order it is about`;
    return { isOpen: false, violations: [{ promise: 'I5', detail, orderId, mayBeInProgress: false }] };
  }
  if (!ids.eventIds.has(toldBy) && !ids.hasMore) {
    const detail = `event ${toldBy} of order ${orderId} is dead-lettered (${reason}) but not in the ledger`;
    return { isOpen: false, violations: [{ promise: 'I1', detail, orderId, mayBeInProgress: false }] };
  }
  const isOpen = ids.isCut
    ? !ids.decidedIds.has(id) && !(reason === 'unmatched' && ids.hasOrder)
    : ids.openIds.has(id);
  return { isOpen, violations: erasure };
};

/** A payload that was recorded after the erasure that covers it has a person's data. */
const erasureViolations = (
  { id, reason, orderId, payloadBytes, publishedAtMs }: ComparedDeadLetter,
  erasedUpToMs: number | undefined,
): readonly Violation[] => {
  if (payloadBytes === 0 || !isErased({ publishedAtMs }, erasedUpToMs)) return [];
  const detail = `order ${orderId} was erased, and its dead letter ${id} (${reason}) still has its payload`;
  return [{ promise: 'I1', detail, orderId, mayBeInProgress: true }];
};
