import type { DeadLetterRow, OrderRecord } from '../store/store.ts';
import { inspectOrder } from './inspectOrder.ts';
import type { Violation } from './violation.ts';

interface DeadLetterFindings {
  /** The ledger still says what the dead letter reports, and no decision names it. */
  readonly isOpen: boolean;
  readonly violations: readonly Violation[];
}

/** What a dead letter is compared with: what the ledger of its order has and says, by ids. */
export interface LedgerIds {
  readonly eventIds: ReadonlySet<string>;
  /** The ids of the dead letters that report what the ledger says now, without those that are decided. */
  readonly openIds: ReadonlySet<string>;
  /** The ledger has more events than these. */
  readonly isCut: boolean;
}

/** The ids in an order's rows. They take a small part of the memory that the rows take. */
export const ledgerIdsOf = (record: OrderRecord): LedgerIds => {
  const { reports, isCut } = inspectOrder(record);
  return {
    eventIds: new Set(record.ledger.map(({ eventId }) => eventId)),
    openIds: new Set(reports.map(({ id }) => id)),
    isCut,
  };
};

/**
 * Compares a dead letter with the ledger of the order that it is about. Pure.
 *
 * An event is told only after it is in the ledger. So a dead letter without its event is never in progress,
 * as long as the dead letter was read first.
 * @param ids those of that order; undefined when the dead letter names no order.
 */
export const inspectDeadLetter = (
  { reason, id, toldBy, orderId }: DeadLetterRow,
  ids: LedgerIds | undefined,
): DeadLetterFindings => {
  if (reason === 'invalid') return { isOpen: false, violations: [] };
  if (ids === undefined) {
    const detail = `dead letter ${id} (${reason}) does not say which order it is about`;
    return { isOpen: false, violations: [{ invariant: 'I5', detail, orderId, mayBeInProgress: false }] };
  }
  if (!ids.eventIds.has(toldBy) && !ids.isCut) {
    const detail = `event ${toldBy} of order ${orderId} is dead-lettered (${reason}) but not in the ledger`;
    return { isOpen: false, violations: [{ invariant: 'I1', detail, orderId, mayBeInProgress: false }] };
  }
  return { isOpen: ids.openIds.has(id), violations: [] };
};
