/** A bug that we put into the product on purpose: in one file, one text is replaced by another. */
interface PlantedBug {
  readonly name: string;
  /** A path in the project's folder. */
  readonly file: string;
  /** A text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

const ON_ORDER = 'functions/onOrder/handler.ts';
const ON_PAYMENT = 'functions/onPayment/handler.ts';
const ON_DLQ = 'functions/onDlq/handler.ts';
const DLQ_DECIDE = 'functions/onDlq/decide.ts';
const ENDPOINT = 'shared/messaging/pushEndpoint.ts';
const INCOMING = 'shared/messaging/toIncomingEvent.ts';
const ATTRIBUTES = 'shared/messaging/deadLetterAttributes.ts';
const STORE = 'shared/store/cassandraStore.ts';
const READ_PAGES = 'shared/store/readPages.ts';
const WRITE_TIME = 'shared/domain/writeTimeOf.ts';

const bug = (name: string, file: string, find: string, replace: string): PlantedBug => ({
  name,
  file,
  find,
  replace,
});

/** The bugs that the simulation must catch. Each breaks a promise. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  // The match: write, then read, at a quorum on both sides
  bug(
    'onOrder reads before it writes',
    ON_ORDER,
    `await store.recordOrder(order, event);
    const decision = decide(await store.findPayments(order.orderId));`,
    `const found = await store.findPayments(order.orderId);
    await store.recordOrder(order, event);
    const decision = decide(found);`,
  ),
  bug(
    'onOrder reads while it writes',
    ON_ORDER,
    `await store.recordOrder(order, event);
    const decision = decide(await store.findPayments(order.orderId));`,
    `const [, found] = await Promise.all([store.recordOrder(order, event), store.findPayments(order.orderId)]);
    const decision = decide(found);`,
  ),
  bug(
    'onDlq reads before it writes',
    ON_DLQ,
    `  await Promise.all([
    store.parkPayment(payment, event),
    record(deps, event, 'unmatched', error, { orderId, paymentId }),
  ]);

  const fact = await store.findFact(orderId);`,
    `  const fact = await store.findFact(orderId);
  await Promise.all([
    store.parkPayment(payment, event),
    record(deps, event, 'unmatched', error, { orderId, paymentId }),
  ]);`,
  ),
  bug(
    'consistency ONE',
    'shared/store/cassandraClient.ts',
    'types.consistencies.localQuorum',
    'types.consistencies.one',
  ),
  bug(
    'the order is looked for at ONE',
    STORE,
    '(await execute({ query: SELECT_FACT, params: [orderId] })).rows',
    '(await run((connection) => connection.execute(SELECT_FACT, [orderId], { consistency: types.consistencies.one }))).rows',
  ),
  bug(
    'payments are looked for at ONE',
    READ_PAGES,
    '{ fetchSize: pageRows, ...paging }',
    // 1 is the protocol's number of ONE.
    '{ fetchSize: pageRows, consistency: 1, ...paging }',
  ),
  bug(
    'payments are looked for up to a page that is not full',
    READ_PAGES,
    'rows.push(...page.rows);\n    pageState = page.pageState ?? undefined;',
    'rows.push(...page.rows);\n    pageState = page.rows.length < query[3] ? undefined : (page.pageState ?? undefined);',
  ),
  bug('onDlq never looks for the order', ON_DLQ, 'if (!fact.orderExists)', 'if (fact !== undefined)'),
  bug('onOrder never looks for payments', ON_ORDER, 'await store.findPayments(order.orderId)', '[]'),
  bug('onOrder attaches nothing', ON_ORDER, 'await store.attachPayments(decision.payments);', ''),
  bug(
    'onOrder attaches the first payment it finds',
    'functions/onOrder/decide.ts',
    'newest(ledger)',
    'ledger.slice(0, 1)',
  ),
  bug(
    'onDlq attaches nothing',
    ON_DLQ,
    'await store.attachPayments([{ payment, eventId, publishedAtMs, isParked: true }]);',
    'void [eventId, publishedAtMs];',
  ),
  // The ack
  bug(
    'an ack before the dead letter is confirmed',
    ENDPOINT,
    'await deps.publishDeadLetter(event, settlement.reason, settlement.error);',
    'deps.publishDeadLetter(event, settlement.reason, settlement.error).catch(() => {});',
  ),
  bug(
    'a failed publish of a dead letter is acked',
    ENDPOINT,
    `return { settlement: retry('dead-letter publish failed', settlement.subject), cause: error };`,
    'return { ...handled, cause: error };',
  ),
  bug(
    'a timeout of the store is swallowed',
    ENDPOINT,
    `return { settlement: retry('transient'), cause: error };`,
    `return { settlement: { kind: 'ack', outcome: 'matched', subject: {} } };`,
  ),
  bug(
    'onOrder acks before its write is acknowledged',
    ON_ORDER,
    'await store.recordOrder(order, event);',
    'store.recordOrder(order, event).catch(() => {});',
  ),
  bug(
    'onPayment acks before its write is acknowledged',
    ON_PAYMENT,
    `case 'match':
        await store.recordPayment(payment, event);`,
    `case 'match':
        store.recordPayment(payment, event).catch(() => {});`,
  ),
  bug(
    'onDlq acks before its writes are acknowledged',
    ON_DLQ,
    `  await Promise.all([
    store.parkPayment(payment, event),`,
    `  await Promise.race([
    store.parkPayment(payment, event),`,
  ),
  bug(
    'a read that fails finds nothing',
    STORE,
    '(await execute({ query: SELECT_FACT, params: [orderId] })).rows',
    '(await execute({ query: SELECT_FACT, params: [orderId] }).catch(() => ({ rows: [] }))).rows',
  ),
  // Write times
  bug(
    'arrival time as write time',
    WRITE_TIME,
    'BigInt(publishedAtMs) * MICROSECONDS_PER_MILLISECOND',
    'BigInt(Date.now() + 0 * publishedAtMs) * MICROSECONDS_PER_MILLISECOND',
  ),
  bug(
    'the server’s time as write time',
    STORE,
    'query: `UPDATE orders_payments_facts USING TIMESTAMP ? SET ${assignments(cells)} WHERE order_id = ?`,\n  params: [writeTimeOf(stamp), ...Object.values(cells), orderId],',
    'query: `UPDATE orders_payments_facts SET ${assignments(cells)} WHERE order_id = ?`,\n  params: [...Object.values(cells), orderId],',
  ),
  bug(
    'the tie-break is left out',
    WRITE_TIME,
    'BigInt(`0x${eventId.slice(0, 8)}`) % MICROSECONDS_PER_MILLISECOND',
    'BigInt(`0x${eventId.slice(0, 8)}`) % 1n',
  ),
  bug(
    'the carrier’s publish time as write time',
    INCOMING,
    'return Math.min(publishTimeMs, ...claims);',
    'return Math.max(publishTimeMs, ...claims.slice(0, 0));',
  ),
  bug(
    'an origin time is not clamped',
    INCOMING,
    'return Math.min(publishTimeMs, ...claims);',
    'return claims[0] ?? publishTimeMs;',
  ),
  bug(
    'a forwarded copy forgets its origin time',
    INCOMING,
    '[attributes[ATTRIBUTE.originPublishTime], attributes[FORWARDED_ATTRIBUTE.publishTime]]',
    '[attributes[ATTRIBUTE.originPublishTime]]',
  ),
  bug(
    'a dead letter forgets its origin time',
    ATTRIBUTES,
    '[ATTRIBUTE.originPublishTime]: new Date(event.publishedAtMs).toISOString(),',
    '',
  ),
  bug(
    'a mark has a write time of its own',
    STORE,
    'const params = [writeTimeOf(stamp), new Date(matchedAtMs)',
    'const params = [BigInt(matchedAtMs) * 1000n, new Date(matchedAtMs)',
  ),
  // Identity
  bug(
    'the tie-break and the identity come from the carrier’s id',
    INCOMING,
    'eventIdOf(spec.origin, publishedAtMs, data)',
    'eventIdOf(spec.origin, publishedAtMs, Buffer.from(message.messageId))',
  ),
  bug(
    'a dead letter keyed by its carrier’s id',
    ON_DLQ,
    'eventId: event.eventId,\n    publishedAtMs: event.publishedAtMs,\n    reason,',
    "eventId: event.messageId.padStart(32, '0'),\n    publishedAtMs: event.publishedAtMs,\n    reason,",
  ),
  bug('a ledger keyed by payment id alone', STORE, 'event_id: stamp.eventId,', "event_id: '0'.repeat(32),"),
  bug(
    'a dead letter filed under the day it is recorded',
    'shared/domain/deadLetter.ts',
    'day: new Date(publishedAtMs)',
    'day: new Date(Date.now() + 86_400_000 + 0 * publishedAtMs)',
  ),
  bug(
    'a topic that is not part of the identity, nor its time',
    'shared/messaging/eventIdOf.ts',
    '`${origin}\\n${publishedAtMs}\\n`',
    '`${origin.length > 0}${publishedAtMs > 0}`',
  ),
  bug(
    'ids lose their last digits',
    'shared/messaging/parseMessage.ts',
    'if (raw instanceof JsonNumber) return toWholeNumber(raw.source, 0n);',
    'if (raw instanceof JsonNumber) return toWholeNumber(raw.value > 2 ** 53 ? String(BigInt(raw.value) - 1n) : raw.source, 0n);',
  ),
  // Erasure
  bug(
    'a null is bound',
    STORE,
    '...paymentCells(payment),\n      parked,',
    '...paymentCells(payment),\n      parked: parked ?? null,',
  ),
  bug(
    'an order clears its payment',
    STORE,
    'write(updateFact(order.orderId, orderCells(order), stamp))',
    'write(updateFact(order.orderId, { ...orderCells(order), payment_id: null }, stamp))',
  ),
  // Conservation
  bug(
    'a dead letter forgets how often it was put back',
    STORE,
    'redrive_count: deadLetter.redriveCount,',
    'redrive_count: 0,',
  ),
  bug('a match is not kept in the ledger', STORE, 'insertLedger(payment, stamp, undefined),', ''),
  bug(
    'an early payment is dropped',
    ON_PAYMENT,
    "return reject('unmatched', `order ${orderId} has not come yet`, { orderId, paymentId });",
    "return ack('unmatched', { orderId, paymentId });",
  ),
  bug('an early payment is not kept in the ledger', ON_DLQ, 'store.parkPayment(payment, event),', ''),
  bug(
    'an early payment leaves no dead letter',
    ON_DLQ,
    "record(deps, event, 'unmatched', error, { orderId, paymentId }),\n  ]);",
    ']);',
  ),
  bug(
    'a parked payment is not flagged',
    STORE,
    'write(insertLedger(payment, stamp, true))',
    'write(insertLedger(payment, stamp, undefined))',
  ),
  bug(
    'payments that were never parked are marked',
    'functions/onOrder/decide.ts',
    'ledger.filter(({ isParked }) => isParked)',
    'ledger',
  ),
  bug('onOrder marks nothing', ON_ORDER, 'await markMatched(decision.parked, { store, clock });', ''),
  bug('onDlq marks nothing', ON_DLQ, 'await store.markMatched(event, clock());', ''),
  bug(
    'only one parked payment is marked',
    'functions/onOrder/decide.ts',
    'ledger.filter(({ isParked }) => isParked)',
    'ledger.filter(({ isParked }) => isParked).slice(0, 1)',
  ),
  bug(
    'what Pub/Sub forwards is taken for invalid',
    DLQ_DECIDE,
    "return unjoined(origin, 'forwarded by Pub/Sub after too many delivery attempts');",
    "return { kind: 'invalid', error: 'forwarded' };",
  ),
  bug(
    'a forwarded order is taken for a payment',
    DLQ_DECIDE,
    "origin === 'payments_data' ? { kind: 'park', error } : { kind: 'order' }",
    "origin.length > 0 ? { kind: 'park', error } : { kind: 'order' }",
  ),
  // Reports, poison, card numbers
  bug(
    'a conflict is not reported',
    ON_PAYMENT,
    "return reject('conflict', error, { orderId, paymentId });",
    "return ack('matched', { orderId, paymentId });",
  ),
  bug(
    'a conflict is reported on its first delivery only',
    ON_PAYMENT,
    'isShown(payment, fact) ? await store.findPayments(orderId) : []',
    'isShown(payment, fact) && orderId < 0n ? await store.findPayments(orderId) : []',
  ),
  bug(
    'a conflict is not recorded',
    ON_DLQ,
    "  await record(deps, event, 'conflict', error, { orderId, paymentId });\n",
    '',
  ),
  bug(
    'a conflict from elsewhere is not joined',
    ON_DLQ,
    "  await park(deps, event, payment, error);\n  return ack('conflict'",
    "  return ack('conflict'",
  ),
  bug(
    'poison is retried',
    ENDPOINT,
    "return { settlement: reject('invalid', error.message) };",
    "return { settlement: retry('invalid') };",
  ),
  bug(
    'an early payment is retried',
    ON_PAYMENT,
    "return reject('unmatched', `order ${orderId} has not come yet`, { orderId, paymentId });",
    "return { kind: 'retry', reason: 'early', subject: { orderId, paymentId } };",
  ),
  bug(
    'card numbers are not masked',
    INCOMING,
    'maskBody(bodyOf(message))',
    '{ data: bodyOf(message), isRedacted: false }',
  ),
];
