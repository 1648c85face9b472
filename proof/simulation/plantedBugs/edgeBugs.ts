import { bug, type PlantedBug } from './plantedBug.ts';

const SETTLE = 'shared/messaging/settleMessage.ts';
const INCOMING = 'shared/messaging/toIncomingEvent.ts';
const ATTRIBUTES = 'shared/messaging/deadLetterAttributes.ts';
const EVENT_ID = 'shared/messaging/eventIdOf.ts';
const PARSE = 'shared/messaging/parseMessage.ts';
const CLIENT = 'shared/store/driver/cassandraClient.ts';
const STORE = 'shared/store/cassandraStore.ts';
const COLUMNS = 'shared/store/columns.ts';
const READ_PAGES = 'shared/store/driver/readPages.ts';

const NEXT_PAGE = '    yield page.rows;\n    pageState = page.pageState ?? undefined;';

/** Bugs at the edges: in the endpoint, the parser, the attributes and the store. */
export const EDGE_BUGS: readonly PlantedBug[] = [
  // The ack
  bug(
    'a timeout of the store is swallowed',
    SETTLE,
    "return { settlement: retry('transient', subject), cause: error };",
    "return { settlement: { kind: 'ack', outcome: 'matched', subject: {} } };",
  ),
  bug(
    'an invalid message is acked before its dead letter is confirmed',
    SETTLE,
    "await tell(event, [{ reason: 'invalid', error, id: eventId, sinceMs: publishedAtMs }]);",
    "tell(event, [{ reason: 'invalid', error, id: eventId, sinceMs: publishedAtMs }]).catch(() => {});",
  ),
  bug(
    'a dead letter that is not confirmed is taken for told',
    SETTLE,
    "return { settlement: retry('dead letter not confirmed', subject), cause };",
    "return { settlement: { kind: 'reject', error, subject }, cause };",
  ),
  bug(
    'poison is retried',
    SETTLE,
    'if (error instanceof PermanentError) return tellInvalid(tell, event, error);',
    // On a dead-letter topic it would come again for ever, and the run would not end.
    `if (error instanceof PermanentError) {
      return event.origin === event.subscription.replace('-sub', '')
        ? { settlement: retry('invalid', {}) }
        : tellInvalid(tell, event, error);
    }`,
  ),
  // Identity and first publish time
  bug(
    'the carrier’s publish time is taken for the first',
    INCOMING,
    'return Math.min(publishTimeMs, ...claims);',
    'return Math.max(publishTimeMs, ...claims.slice(0, 0));',
  ),
  bug(
    'a claimed publish time may be later',
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
    'the identity comes from the carrier’s id',
    INCOMING,
    'eventIdOf(spec.origin, publishedAtMs, idData)',
    'eventIdOf(spec.origin, publishedAtMs, Buffer.from(message.messageId))',
  ),
  bug(
    'a reason of Tally counts more than a forward',
    INCOMING,
    'if (attributes[FORWARDED_ATTRIBUTE.subscription] !== undefined)',
    'if (attributes[FORWARDED_ATTRIBUTE.subscription] !== undefined && attributes[ATTRIBUTE.reason] === undefined)',
  ),
  bug(
    'a dead letter forgets its origin time',
    ATTRIBUTES,
    '  [ATTRIBUTE.originPublishTime]: new Date(event.publishedAtMs).toISOString(),\n',
    '',
  ),
  bug(
    'a dead letter names only its first reason',
    ATTRIBUTES,
    "[ATTRIBUTE.reason]: reports.map(({ reason }) => reason).join(','),",
    "[ATTRIBUTE.reason]: reports[0]?.reason ?? '',",
  ),
  bug(
    'an unknown reason is a dead letter of Tally',
    ATTRIBUTES,
    'DEAD_LETTER_REASONS.filter((reason) => named.has(reason))',
    "DEAD_LETTER_REASONS.filter((reason) => named.has(reason) || (reason === 'unmatched' && !named.has('')))",
  ),
  bug(
    'the publish time is not part of the identity',
    EVENT_ID,
    '${origin}\\n${publishedAtMs}\\n',
    '${origin}\\n${0 * publishedAtMs}\\n',
  ),
  bug(
    'the topic is not part of the identity',
    EVENT_ID,
    '${origin}\\n${publishedAtMs}\\n',
    '${origin.slice(0, 0)}\\n${publishedAtMs}\\n',
  ),
  // Parsing and masking
  bug(
    'ids lose their last digits',
    PARSE,
    "if (raw instanceof JsonNumber) return raw.source.replace(EMPTY_FRACTION, '');",
    "if (raw instanceof JsonNumber) return String(raw.value > 2 ** 53 ? BigInt(raw.value) - 1n : raw.source.replace(EMPTY_FRACTION, ''));",
  ),
  bug(
    'a guest’s order is invalid',
    PARSE,
    "customerId: optional('customer_id', customerId),",
    "customerId: required('customer_id', customerId),",
  ),
  bug(
    'a whole number with a fraction is invalid',
    PARSE,
    "return raw.source.replace(EMPTY_FRACTION, '');",
    'return raw.source;',
  ),
  bug(
    'card numbers are not masked',
    INCOMING,
    '{ ...maskBody(unpacked), cut: undefined }',
    '{ ...maskBody(unpacked), data: unpacked, isRedacted: false, cut: undefined }',
  ),
  bug(
    'a time in milliseconds is taken for a card number',
    'shared/masking/maskBody.ts',
    'maskWith(holdsCardNumber, data)',
    'maskWith(isChangedByFirstRule, data)',
  ),
  // The store
  bug('consistency ONE', CLIENT, 'types.consistencies.localQuorum', 'types.consistencies.one'),
  bug(
    'the ledger is read at ONE',
    READ_PAGES,
    '{ fetchSize: pageRows } : { fetchSize: laterPageRows, pageState }',
    // 1 is the protocol's number of ONE.
    '{ fetchSize: pageRows, consistency: 1 } : { fetchSize: laterPageRows, pageState, consistency: 1 }',
  ),
  bug(
    'the first page is taken for the whole ledger',
    READ_PAGES,
    NEXT_PAGE,
    '    yield page.rows;\n    pageState = undefined;',
  ),
  bug(
    'an empty page ends the ledger',
    READ_PAGES,
    NEXT_PAGE,
    '    yield page.rows;\n    pageState = page.rows.length === 0 ? undefined : (page.pageState ?? undefined);',
  ),
  bug(
    'pages are found by a number of rows, not by key',
    READ_PAGES,
    NEXT_PAGE,
    '    yield pageState === undefined ? page.rows : page.rows.slice(1);\n    pageState = page.pageState ?? undefined;',
  ),
  bug(
    'the read stops at the first order',
    'shared/store/collectLedger.ts',
    'return !isComplete && entry.atMs < newestAtMs;',
    'return !isComplete && entry.atMs <= newestAtMs;',
  ),
  bug(
    'the server’s time is the write time of a row',
    STORE,
    'query: `UPDATE orders_payments_facts USING TIMESTAMP ? SET ${assignments(cells)} WHERE order_id = ?`,\n  params: [writeTime, ...Object.values(cells), orderId],',
    'query: `UPDATE orders_payments_facts SET ${assignments(cells)} WHERE order_id = ?`,\n  params: [...Object.values(cells), orderId],',
  ),
  bug(
    'an order does not write its row',
    STORE,
    'write(insertEntry(entry), ...ownColumns(entry))',
    'write(insertEntry(entry), ...ownColumns(entry).slice(1))',
  ),
  bug(
    'an order is not kept in the ledger',
    STORE,
    'write(insertEntry(entry), ...ownColumns(entry))',
    "write(...(entry.kind === 'order' ? [] : [insertEntry(entry)]), ...ownColumns(entry))",
  ),
  bug(
    'blanks are left out',
    STORE,
    'blanks.entries.map((entry) => blankEntry(entry, blanks.erasedAtMs))',
    'blanks.entries.slice(0, 0).map((entry) => blankEntry(entry, blanks.erasedAtMs))',
  ),
  bug(
    'a guest’s order does not clear the customer',
    COLUMNS,
    '  customer_id: order.customerId ?? null,\n',
    '  customer_id: order.customerId,\n',
  ),
  bug(
    'a payment without a card does not clear the card',
    COLUMNS,
    'card_last_four: payment.cardLastFour ?? null,',
    'card_last_four: payment.cardLastFour,',
  ),
  bug(
    'a mark that is unset is written as null',
    COLUMNS,
    'redacted: entry.isRedacted || undefined,',
    'redacted: entry.isRedacted || null,',
  ),
  bug(
    'an entry has a time of occurrence that is null',
    COLUMNS,
    'entry.occurredAtMs === undefined ? undefined : new Date(entry.occurredAtMs)',
    'entry.occurredAtMs === undefined ? null : new Date(entry.occurredAtMs)',
  ),
  bug(
    'entries are not told apart by their event',
    COLUMNS,
    '  event_id: eventId,\n',
    "  event_id: '0'.repeat(eventId.length),\n",
  ),
  bug(
    'an erasure leaves the card',
    COLUMNS,
    "return kind === 'payment' ? { card_last_four: null } : {};",
    "return kind === 'payment' ? {} : {};",
  ),
  bug(
    'an erasure leaves the address',
    COLUMNS,
    "if (kind === 'order') return { customer_id: null, shipping_address: null };",
    "if (kind === 'order') return { customer_id: null };",
  ),
];
