import type { PlantedBug } from '../simulation/plantedBugs/plantedBugs.ts';

const ACCEPT = 'shared/protocol/accept.ts';
const RECORD = 'await store.recordEntry(entry);';
const READ = 'const { entries, isWhole } = await store.findEntries(entry.orderId, isErasure);';
const RECORD_AND_READ = `  ${RECORD}
  const isErasure = entry.kind === 'decision' && entry.decision === 'erased';
  ${READ}`;
const SHOW = 'for (const show of showsOf(entry, entries, folded)) await store.showOrder(show);';
const FOLD_WITHOUT = 'fold(entries.filter(({ eventId }) => eventId !== entry.eventId))';

/** Bugs of the protocol that only some interleavings show. A search of small worlds must find each. */
export const BROKEN_HANDLERS: readonly PlantedBug[] = [
  {
    name: 'an event is read for before it is recorded',
    file: ACCEPT,
    find: RECORD_AND_READ,
    replace: `const found = await store.findEntries(entry.orderId, false);
    ${RECORD}
    const { isWhole } = found;
    const entries = [...found.entries.filter(({ eventId }) => eventId !== entry.eventId), entry];`,
  },
  {
    name: 'an event is read for while it is recorded',
    file: ACCEPT,
    find: RECORD_AND_READ,
    replace: `const [found] = await Promise.all([store.findEntries(entry.orderId, false), store.recordEntry(entry)]);
    const { isWhole } = found;
    const entries = [...found.entries.filter(({ eventId }) => eventId !== entry.eventId), entry];`,
  },
  {
    name: 'an event is acked before it is recorded',
    file: ACCEPT,
    find: RECORD,
    replace: 'store.recordEntry(entry).catch(() => {});',
  },
  {
    name: 'everything is read and written at ONE',
    file: 'shared/store/driver/cassandraClient.ts',
    find: 'types.consistencies.localQuorum',
    replace: 'types.consistencies.one',
  },
  {
    name: 'the ledger is read at ONE',
    file: 'shared/store/driver/readPages.ts',
    find: 'return await connection.execute(query, [...params], paging);',
    // 1 is the protocol's number of ONE.
    replace: 'return await connection.execute(query, [...params], { ...paging, consistency: 1 });',
  },
  {
    name: 'only the first page of the ledger is read',
    file: 'shared/store/cassandraStore.ts',
    find: 'toLedgerEntries(page.value.map(toLedgerRow)).some(ledger.add))',
    replace: '[toLedgerEntries(page.value.map(toLedgerRow)).some(ledger.add)])',
  },
  {
    name: 'a row is not shown when the event changes nothing',
    file: ACCEPT,
    find: SHOW,
    replace: `const before = ${FOLD_WITHOUT};
    const isSame = before.order !== undefined &&
      before.payment?.payment.paymentId === folded.payment?.payment.paymentId;
    if (!isSame) ${SHOW}`,
  },
  {
    name: 'a row is shown by payments only',
    file: ACCEPT,
    find: SHOW,
    replace: `if (entry.kind === 'payment') ${SHOW}`,
  },
  {
    name: 'an event is acked before its row is shown',
    file: ACCEPT,
    find: 'await store.showOrder(show);',
    replace: 'store.showOrder(show).catch(() => {});',
  },
  {
    name: 'a payment is shown without the columns of its order',
    file: ACCEPT,
    find: 'order: isShown ? order : undefined,',
    replace: 'order: order?.mustRewrite ? order : undefined,',
  },
  {
    name: 'the customer of an older version is left to a guest',
    file: 'shared/store/columns.ts',
    find: 'customer_id: order.customerId ?? null,',
    replace: 'customer_id: order.customerId,',
  },
  {
    name: 'the card of another payment is left to one without a card',
    file: 'shared/store/columns.ts',
    find: 'payment.cardLastFour ?? null',
    replace: 'payment.cardLastFour',
  },
  {
    name: 'versions of the very same write time are not ranked',
    file: 'shared/domain/fold.ts',
    find: 'const rank = new Set(versions).size - 1 + erasures;',
    replace: 'const rank = 0 * versions.length + erasures;',
  },
  {
    name: 'a payment is shown at its own time',
    file: 'shared/domain/fold.ts',
    find: 'writeTime: paymentsWriteTime(',
    replace: 'writeTime: BigInt(shown.atMs) * 1000n + 0n * paymentsWriteTime(',
  },
  {
    name: 'the older of two payments that succeeded is shown',
    file: 'shared/domain/verdicts.ts',
    find: 'WORTH[statusOf(entry)],\n    entry.atMs,',
    replace: 'WORTH[statusOf(entry)],\n    -entry.atMs,',
  },
  {
    name: 'versions of one time share an entry',
    file: 'shared/store/columns.ts',
    find: 'event_id: eventId,',
    replace: "event_id: eventId.replaceAll(/./g, '0'),",
  },
  {
    name: 'a finding is told by its newest event only',
    file: 'shared/protocol/reportsOf.ts',
    find: '.filter(({ eventIds }) => eventIds.has(entry.eventId))',
    replace:
      '.filter(({ ids }) => ids.at(-1) === (entry.kind === "payment" ? String(entry.payment.paymentId) : ""))',
  },
  {
    name: 'a finding is told only by the event that makes it true',
    file: ACCEPT,
    find: 'const reports = isWhole ? reportsOf(entry, folded) :',
    replace: `const before = ${FOLD_WITHOUT}.findings.map(({ reason }) => reason);
    const findings0 = folded.findings.filter(({ reason }) => !before.includes(reason));
    const reports = isWhole ? reportsOf(entry, { ...folded, findings: findings0 }) :`,
  },
  {
    name: 'a conflict is told by onPayment only',
    file: 'functions/createConsumers.ts',
    find: 'acceptEvent: acceptWith(tells.onDlq)',
    replace: 'acceptEvent: acceptWith(async () => {})',
  },
  {
    name: 'a report that is not confirmed is acked',
    file: ACCEPT,
    find: 'await tell(reports);',
    replace: 'await tell(reports).catch(() => {});',
  },
  {
    name: 'an invalid message whose report is not confirmed is acked',
    file: 'shared/messaging/settleMessage.ts',
    find: "return { settlement: retry('dead letter not confirmed', subject), cause };",
    replace: "return { settlement: { kind: 'reject', error, subject } };",
  },
  {
    name: 'a declined payment counts as paid',
    file: 'shared/domain/findingsOf.ts',
    find: "['succeeded', 'unknown'].includes",
    replace: "['succeeded', 'unknown', 'failed'].includes",
  },
  {
    name: 'an early payment is nacked',
    file: ACCEPT,
    find: 'if (reports.length > 0) await tell(reports);',
    replace: "if (reports.length > 0) return { kind: 'retry', reason: 'early', subject: {} };",
  },
];
