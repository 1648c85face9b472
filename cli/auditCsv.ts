import type { OrderInspection } from '../shared/audit/inspectOrder.ts';
import type { AuditReport } from '../shared/audit/audit.ts';
import type { Violation } from '../shared/audit/violation.ts';
import { findingReport } from '../shared/protocol/reportsOf.ts';
import type { DeadLetterRow, OrderRecord } from '../shared/store/auditSource.ts';

/** The columns of the report. Every row stands in one bucket. */
const HEADER = 'bucket,order_id,payment_id,since,detail';

/** The rows of one order: what it shows, each payment that waits, and each finding. */
const orderRows = (inspection: OrderInspection, { fact }: OrderRecord): readonly string[] => {
  const { orderId, orderExists, shownStatus, payments } = inspection;
  const { paymentId, paymentStatus } = fact?.payment ?? {};
  const bucket = shownStatus === 'succeeded' ? 'paid' : (shownStatus ?? 'unpaid');
  return [
    ...(orderExists ? [toRow([bucket, orderId, paymentId, undefined, paymentStatus])] : []),
    ...payments
      .filter(() => !orderExists)
      .map((payment) =>
        toRow([
          payment.isDiscarded ? 'discarded' : 'parked',
          orderId,
          payment.paymentId,
          payment.publishedAtMs,
          'its order has not come',
        ]),
      ),
    ...inspection.findings.map((finding) => {
      const { reason, sinceMs, error } = findingReport(orderId, finding);
      return toRow([reason, orderId, undefined, sinceMs, error]);
    }),
    ...(inspection.isReused
      ? [toRow(['reused', orderId, undefined, undefined, 'its versions name different customers'])]
      : []),
    ...(inspection.isRefundedApart
      ? [toRow(['refunds apart', orderId, undefined, undefined, 'a refund came under an id of its own'])]
      : []),
  ];
};

/** The row of a dead letter. Its bucket says whether it is open. */
const deadLetterRow = (row: DeadLetterRow, isOpen: boolean): string =>
  toRow([
    `dead letter ${isOpen ? 'open' : 'closed'}`,
    row.orderId,
    row.paymentId,
    row.publishedAtMs,
    `${row.reason} ${row.id}: ${row.error}`,
  ]);

/** The rows of what is broken, or in progress. Where a report lists only the first, a row counts the rest. */
const violationRows = (report: AuditReport): readonly string[] => [
  ...rowsOf('violation', report.violations, report.violationCount),
  ...rowsOf('suspected', report.suspected, report.suspectedCount),
];

const rowsOf = (bucket: string, listed: readonly Violation[], count: number): readonly string[] => [
  ...listed.map(({ promise, orderId, detail }) =>
    toRow([bucket, orderId, undefined, undefined, `${promise}: ${detail}`]),
  ),
  ...(count > listed.length
    ? [toRow([bucket, undefined, undefined, undefined, `${count - listed.length} more are not listed`])]
    : []),
];

type Values = readonly [
  bucket: string,
  orderId: bigint | undefined,
  paymentId: bigint | undefined,
  sinceMs: number | undefined,
  detail: string | undefined,
];

const toRow = ([bucket, orderId, paymentId, sinceMs, detail]: Values): string =>
  [bucket, orderId, paymentId, sinceMs && new Date(sinceMs).toISOString(), detail].map(toField).join(',');

/** RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe. */
const toField = (value: bigint | string | number | undefined): string => {
  const text = value === undefined || value === 0 ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** An audit for a spreadsheet, row by row: what the parts of the report are in it. */
export const auditCsv = { header: HEADER, orderRows, deadLetterRow, violationRows };
