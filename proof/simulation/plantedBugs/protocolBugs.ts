import { bug, type PlantedBug } from './plantedBug.ts';

const ACCEPT = 'shared/protocol/accept.ts';
const REPORTS = 'shared/protocol/reportsOf.ts';
const FINDING_ID = 'shared/protocol/findingIdOf.ts';
const RECORD_REPORTS = 'shared/protocol/recordReports.ts';
const PUBLISH_REPORTS = 'shared/protocol/publishReports.ts';
const CONSUMERS = 'functions/createConsumers.ts';
const ON_DLQ = 'functions/onDlq/handler.ts';

const RECORD = 'await store.recordEntry(entry);';
const RECORD_AND_READ = `  await store.recordEntry(entry);
  const isErasure = entry.kind === 'decision' && entry.decision === 'erased';
  const { entries, isWhole } = await store.findEntries(entry.orderId, isErasure);`;
const FOLD = 'const folded = fold(entries);';
const SHOW = 'for (const show of showsOf(entry, entries, folded)) await store.showOrder(show);';
const TELL = 'if (reports.length > 0) await tell(reports);';
const OTHERS = 'entries.filter(({ eventId }) => eventId !== entry.eventId)';

/** Bugs in the six steps, and in what is told. */
export const PROTOCOL_BUGS: readonly PlantedBug[] = [
  // Record, read
  bug(
    'the ledger is read before the entry is recorded',
    ACCEPT,
    RECORD_AND_READ,
    `  const isErasure = entry.kind === 'decision' && entry.decision === 'erased';
  const { entries: found, isWhole } = await store.findEntries(entry.orderId, isErasure);
  await store.recordEntry(entry);
  const entries = [...found.filter(({ eventId }) => eventId !== entry.eventId), entry];`,
  ),
  bug(
    'the ledger is read while the entry is recorded',
    ACCEPT,
    RECORD_AND_READ,
    `  const isErasure = entry.kind === 'decision' && entry.decision === 'erased';
  const [{ entries: found, isWhole }] = await Promise.all([
    store.findEntries(entry.orderId, isErasure),
    store.recordEntry(entry),
  ]);
  const entries = [...found.filter(({ eventId }) => eventId !== entry.eventId), entry];`,
  ),
  bug(
    'payments are counted before the entry is recorded',
    ACCEPT,
    `${RECORD_AND_READ}\n  ${FOLD}`,
    `  const before = (await store.findEntries(entry.orderId, false)).entries.filter(({ kind }) => kind === 'payment');
${RECORD_AND_READ}
  const right = fold(entries);
  const writeTime = BigInt(before.length) * 10n ** 10n + ((right.payment?.writeTime ?? 0n) % 10n ** 9n);
  const folded = { ...right, payment: right.payment && { ...right.payment, writeTime } };`,
  ),
  bug(
    'an event is acked before its entry is acknowledged',
    ACCEPT,
    RECORD,
    'store.recordEntry(entry).catch(() => {});',
  ),
  bug(
    'an entry that is not acknowledged is taken for recorded',
    ACCEPT,
    RECORD,
    'await store.recordEntry(entry).catch(() => {});',
  ),
  bug(
    'a read that fails finds nothing',
    ACCEPT,
    'await store.findEntries(entry.orderId, isErasure);',
    'await store.findEntries(entry.orderId, isErasure).catch(() => ({ entries: [entry], isWhole: true }));',
  ),
  // Show
  bug('nothing is shown', ACCEPT, SHOW, '{}'),
  bug(
    'an event is acked before its row is acknowledged',
    ACCEPT,
    SHOW,
    'for (const show of showsOf(entry, entries, folded)) store.showOrder(show).catch(() => {});',
  ),
  bug(
    'the row is written only by an event that changes what it shows',
    ACCEPT,
    SHOW,
    `{
    const old = fold(${OTHERS});
    const textOf = ({ payment }) => Object.values(payment?.payment ?? {}).join();
    const isNews = old.order === undefined || textOf(old) !== textOf(folded) || folded.payment === undefined;
    if (isNews) for (const show of showsOf(entry, entries, folded)) await store.showOrder(show);
  }`,
  ),
  bug(
    'only the first version of an order shows payments',
    ACCEPT,
    FOLD,
    `const all = fold(entries);
  const firstId = entries.flatMap(({ kind, eventId }) => (kind === 'order' ? [eventId] : [])).toSorted()[0];
  const isOther = entry.kind === 'order' && entry.eventId !== firstId;
  const folded = isOther ? { ...all, payment: undefined } : all;`,
  ),
  bug(
    'an order with other versions leaves its payments to them',
    ACCEPT,
    FOLD,
    `const all = fold(entries);
  const isOther = entry.kind === 'order' && entries.filter(({ kind }) => kind === 'order').length > 1;
  const folded = isOther ? { ...all, payment: undefined } : all;`,
  ),
  bug(
    'a payment is written without its order',
    ACCEPT,
    'order: isShown ? order : undefined, payment',
    'order: order?.mustRewrite === true ? order : undefined, payment',
  ),
  bug(
    'a payment is shown before its order has come',
    ACCEPT,
    `const isShown =
    order !== undefined && (payment !== undefined || order.mustRewrite || bringsCustomer(entry, order.order));
  const columns = { orderId, order: isShown ? order : undefined, payment: order && payment };`,
    `const isShown = payment !== undefined || order?.mustRewrite === true;
  const columns = { orderId, order: isShown ? order : undefined, payment };`,
  ),
  bug(
    'an order without a payment is not written again',
    ACCEPT,
    '(payment !== undefined || order.mustRewrite || bringsCustomer(entry, order.order))',
    'payment !== undefined',
  ),
  // Erasure
  bug(
    'an erasure is no entry',
    ACCEPT,
    `${RECORD_AND_READ}\n`,
    `  const isErasure = entry.kind === 'decision' && entry.decision === 'erased';
  if (!isErasure) await store.recordEntry(entry);
  const { entries: found, isWhole } = await store.findEntries(entry.orderId, isErasure);
  const entries = isErasure ? [...found, entry] : found;
`,
  ),
  bug(
    'what comes after its erasure is not blanked',
    ACCEPT,
    "entry.kind === 'decision' ? entries : [entry]",
    "entry.kind === 'decision' ? entries : []",
  ),
  bug(
    'an erasure blanks nothing that was there',
    ACCEPT,
    "entry.kind === 'decision' ? entries : [entry]",
    '[entry]',
  ),
  bug(
    'an erasure reads the newest versions only',
    ACCEPT,
    'await store.findEntries(entry.orderId, isErasure);',
    'await store.findEntries(entry.orderId, false);',
  ),
  // Tell
  bug('nothing is told', ACCEPT, TELL, ''),
  bug(
    'an event is acked before its reports are confirmed',
    ACCEPT,
    TELL,
    'if (reports.length > 0) tell(reports).catch(() => {});',
  ),
  bug(
    'a report that is not confirmed is taken for told',
    ACCEPT,
    TELL,
    'if (reports.length > 0) await tell(reports).catch(() => {});',
  ),
  bug(
    'only an event that makes a finding true tells it',
    ACCEPT,
    'const reports = isWhole ? reportsOf(entry, folded) :',
    `const old = fold(${OTHERS}).findings.map(({ reason }) => String(reason));
  const reports = isWhole ? reportsOf(entry, folded).filter(({ reason }) => !old.includes(reason)) :`,
  ),
  bug(
    'an early payment is retried',
    CONSUMERS,
    'onPayment: acceptWith(tells.onPayment),',
    `onPayment: async (event) => {
      const settled = await acceptWith(tells.onPayment)(event);
      const isEarly = settled.kind === 'ack' && settled.outcome === 'parked';
      return isEarly ? { kind: 'retry', reason: 'early', subject: settled.subject } : settled;
    },`,
  ),
  bug(
    'an event tells the findings in which it takes no part',
    REPORTS,
    '.filter(({ eventIds }) => eventIds.has(entry.eventId))',
    '.filter(({ eventIds }) => !eventIds.has(entry.eventId))',
  ),
  bug(
    'an order tells no findings',
    REPORTS,
    '.filter(({ eventIds }) => eventIds.has(entry.eventId))',
    ".filter(({ eventIds }) => eventIds.has(entry.eventId) && entry.kind !== 'order')",
  ),
  bug(
    'a payment that waits is not told',
    REPORTS,
    "entry.kind === 'payment' && order === undefined ?",
    "entry.kind === 'payment' && order !== undefined ?",
  ),
  bug(
    'a conflict is told by onPayment only',
    CONSUMERS,
    'acceptEvent: acceptWith(tells.onDlq), tell: tells.onDlq',
    `acceptEvent: acceptWith((event, reports) =>
        tells.onDlq(event, reports.filter(({ reason }) => reason !== 'conflict'))),
      tell: tells.onDlq`,
  ),
  bug(
    'a finding is identified by the events that take part',
    REPORTS,
    'id: findingIdOf(orderId, finding),',
    'id: findingIdOf(orderId, { reason: finding.reason, ids: [...finding.eventIds].toSorted() }),',
  ),
  bug(
    'a finding is identified without its order',
    FINDING_ID,
    '[orderId, reason, ...ids]',
    '[orderId * 0n, reason, ...ids]',
  ),
  bug(
    'only the first report of a message is recorded',
    RECORD_REPORTS,
    'await Promise.all(reports.map(',
    'await Promise.all(reports.slice(0, 1).map(',
  ),
  bug(
    'a dead letter is acked before it is recorded',
    RECORD_REPORTS,
    'await Promise.all(reports.map((report) => store.recordDeadLetter({ ...report, ...row })));',
    'for (const report of reports) store.recordDeadLetter({ ...report, ...row }).catch(() => {});',
  ),
  bug(
    'a dead letter is recorded at the same time as its place',
    'shared/store/cassandraStore.ts',
    `if (place !== undefined) await write(place);
      await write(insertDeadLetter(deadLetter));`,
    'await Promise.all([insertDeadLetter(deadLetter), ...(place ? [place] : [])].map((one) => write(one)));',
  ),
  bug(
    'a dead letter does not say which event told it',
    RECORD_REPORTS,
    'toldBy: event.eventId,',
    "toldBy: event.messageId.padStart(32, '0'),",
  ),
  bug(
    'a dead letter names the message that carried it last',
    RECORD_REPORTS,
    'originMessageId: event.originMessageId,',
    'originMessageId: `${event.messageId}-copy`,',
  ),
  bug(
    'a dead letter forgets how often it was put back',
    RECORD_REPORTS,
    'redriveCount: event.redriveCount,',
    'redriveCount: event.redriveCount + 1,',
  ),
  bug(
    'all dead letters go to the topic of payments',
    PUBLISH_REPORTS,
    'DEAD_LETTER_TOPIC[event.origin],',
    "DEAD_LETTER_TOPIC['payments_data'],",
  ),
  bug(
    'what Pub/Sub forwards is acked unread',
    ON_DLQ,
    "if (event.carrier.kind !== 'dead-lettered') return acceptEvent(event);",
    `if (event.carrier.kind === 'forwarded') return ack('recorded', readSubject(event.data));
    if (event.carrier.kind !== 'dead-lettered') return acceptEvent(event);`,
  ),
  bug(
    'a bare message on a dead-letter topic is acked unread',
    ON_DLQ,
    "if (event.carrier.kind !== 'dead-lettered') return acceptEvent(event);",
    `if (event.carrier.kind === 'bare') return ack('recorded', readSubject(event.data));
    if (event.carrier.kind !== 'dead-lettered') return acceptEvent(event);`,
  ),
];
