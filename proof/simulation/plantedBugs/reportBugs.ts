import { bug, type PlantedBug } from './plantedBug.ts';

const FINDINGS = 'shared/domain/findingsOf.ts';
const REPORTS = 'shared/protocol/reportsOf.ts';
const DEAD_LETTER = 'shared/audit/inspectDeadLetter.ts';
const ORDER = 'shared/audit/inspectOrder.ts';
const COUNTS = 'shared/audit/auditCounts.ts';

/** Bugs in what a report says, and in what the audit counts. */
export const REPORT_BUGS: readonly PlantedBug[] = [
  // What a report says
  bug(
    'a conflict names every payment of its order',
    FINDINGS,
    "finding('conflict', [...paid], payments, `${times}`)",
    "finding('conflict', verdicts.map(paymentIdOf), payments, `${times}`)",
  ),
  bug(
    'a conflict names two of three payments',
    FINDINGS,
    "finding('conflict', [...paid], payments, `${times}`)",
    "finding('conflict', [...paid].slice(0, 2), payments, `${times}`)",
  ),
  bug(
    'a conflict is told of another order',
    REPORTS,
    '`order ${orderId} is paid by',
    '`order ${0n * orderId} is paid by',
  ),
  bug(
    'a conflict counts a payment too many',
    REPORTS,
    'is paid by ${ids.length} payments',
    'is paid by ${ids.length + 1} payments',
  ),
  bug(
    'a payment that waits is told with its ids the wrong way round',
    REPORTS,
    'payment ${payment.paymentId} waits for order ${payment.orderId}',
    'payment ${payment.orderId} waits for order ${payment.paymentId}',
  ),
  bug(
    'a change names its order in place of the payment',
    REPORTS,
    'payment ${named(ids)} of order',
    'payment ${[orderId, ids].slice(0, 1)} of order',
  ),
  bug('rivals are one too many', REPORTS, '${eventIds.size} versions', '${eventIds.size + 1} versions'),
  // What the audit counts
  bug('a report is never open', DEAD_LETTER, ': ids.openIds.has(id);', ': ids.openIds.has(id) && ids.isCut;'),
  bug(
    'an invalid message that was discarded is still open',
    DEAD_LETTER,
    'CLOSING.includes(action.kind)',
    'CLOSING.length === 0',
  ),
  bug(
    'findings of one reason count once',
    COUNTS,
    'of order.findings) findings[reason] += 1;',
    'of order.findings) findings[reason] = 1;',
  ),
  bug(
    'an unknown status counts as pending',
    COUNTS,
    'statuses[shownStatus] += 1;',
    "statuses[shownStatus === 'unknown' ? 'pending' : shownStatus] += 1;",
  ),
  bug(
    'every refund is one under an id of its own',
    ORDER,
    "statusOf(entry) === 'refunded' && !paidIds.has(paymentIdOf(entry))",
    "statusOf(entry) === 'refunded' && paidIds.size >= 0",
  ),
];
