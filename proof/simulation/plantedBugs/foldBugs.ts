import { bug, type PlantedBug } from './plantedBug.ts';

const FOLD = 'shared/domain/fold.ts';
const VERDICTS = 'shared/domain/verdicts.ts';
const FINDINGS = 'shared/domain/findingsOf.ts';
const WRITE_TIMES = 'shared/domain/writeTimes.ts';
const EVENT_TIME = 'shared/domain/eventTime.ts';
const WORD = 'shared/domain/normalizeWord.ts';
const METHOD = 'shared/domain/paymentMethod.ts';
const STATUS = 'shared/domain/paymentStatus.ts';
const DEAD_LETTER = 'shared/domain/deadLetter.ts';

/** Bugs in the fold, in the findings, and in the times. */
export const FOLD_BUGS: readonly PlantedBug[] = [
  // The fold
  bug(
    'rivals of one write time do not raise the rank',
    FOLD,
    'const rank = new Set(versions).size - 1 + erasures;',
    'const rank = 0 * versions.length + erasures;',
  ),
  bug(
    'an erasure does not raise the rank',
    FOLD,
    'const rank = new Set(versions).size - 1 + erasures;',
    'const rank = new Set(versions).size - 1 + 0 * erasures;',
  ),
  bug(
    'the rank counts the contents of erased versions',
    FOLD,
    'isErased(entry, erasedUpToMs) ? entry.eventId : orderContent(entry.order)',
    'orderContent(entry.order)',
  ),
  bug(
    'the payment’s own time is the write time of its columns',
    FOLD,
    'writeTime: paymentsWriteTime(',
    'writeTime: BigInt(shown.atMs) * 1000n + 0n * paymentsWriteTime(',
  ),
  bug('the first of two erasures counts', FOLD, '(latest ?? told) > told', '(latest ?? told) < told'),
  bug(
    'a blank does not tell of its erasure',
    FOLD,
    'const told = isErasure ? entry.publishedAtMs : erasedAtMs;',
    'const told = isErasure ? entry.publishedAtMs : erasedAtMs && undefined;',
  ),
  bug(
    'an erased entry is shown as it was',
    FOLD,
    'if (!isErased(entry, erasedUpToMs)) return entry;',
    'if (!isErased(entry, erasedUpToMs) || entry.eventId !== undefined) return entry;',
  ),
  bug(
    'the contents decide which version wins',
    FOLD,
    `    orderWriteTime(entry),
    orderContent(entry.order),`,
    `    orderContent(entry.order),
    orderWriteTime(entry),`,
  ),
  // What is shown
  bug(
    'words of one moment are not ordered by a payment’s life',
    VERDICTS,
    '    LIFE[statusOf(entry)],\n',
    '',
  ),
  bug(
    'the oldest word of a payment counts',
    VERDICTS,
    '    entry.atMs,\n    LIFE',
    '    -entry.atMs,\n    LIFE',
  ),
  bug('the newest payment is shown, whatever it says', VERDICTS, '    WORTH[statusOf(entry)],\n', ''),
  bug(
    'a refund hides a payment that succeeded',
    VERDICTS,
    '  refunded: 3,\n  succeeded: 4,',
    '  refunded: 4,\n  succeeded: 3,',
  ),
  bug(
    'a declined attempt hides one that is pending',
    VERDICTS,
    '  failed: 0,\n  unknown: 1,\n  pending: 2,',
    '  failed: 2,\n  unknown: 1,\n  pending: 0,',
  ),
  bug('status words are case-sensitive', WORD, '    .toLowerCase()\n', ''),
  bug('words are not joined by underscores', WORD, String.raw`/[\s_-]+/g`, String.raw`/[\s-]+/g`),
  bug(
    'a partial refund is a refund',
    STATUS,
    "refunded: ['refunded',",
    "refunded: ['partially refunded', 'refunded',",
  ),
  // Findings
  bug('two paid ids are no conflict', FINDINGS, 'if (paid.size < 2)', 'if (paid.size < 3)'),
  bug(
    'only the paid ids take part in a conflict',
    FINDINGS,
    "finding('conflict', [...paid], payments,",
    "finding('conflict', [...paid], verdicts.filter(paysAlone),",
  ),
  bug(
    'a pending payment is a double payment',
    FINDINGS,
    "['succeeded', 'unknown'].includes",
    "['succeeded', 'unknown', 'pending'].includes",
  ),
  bug(
    'a gift card is a double payment',
    METHOD,
    'BESIDE_ANOTHER.has(normalizeWord(paymentMethod))',
    "BESIDE_ANOTHER.has(normalizeWord(paymentMethod)) && paymentMethod === ''",
  ),
  bug(
    'a card that changes is not told',
    FINDINGS,
    'new Set(methods).size - 1 + Math.max(0, new Set(cards).size - 1)',
    'new Set(methods).size - 1 + 0 * cards.length',
  ),
  bug(
    'a method that changes is not told',
    FINDINGS,
    'new Set(methods).size - 1 + Math.max(0, new Set(cards).size - 1)',
    '0 * methods.length + Math.max(0, new Set(cards).size - 1)',
  ),
  bug(
    'a card that is absent contradicts one that is there',
    FINDINGS,
    'payment.cardLastFour ?? []',
    "payment.cardLastFour ?? ''",
  ),
  bug(
    'a status that moves is a contradiction',
    FINDINGS,
    'Map.groupBy(entries.filter(isKept), statusWordOf)',
    'Map.groupBy(entries.filter(isKept), (entry) => statusWordOf(entry).slice(0, 0))',
  ),
  bug(
    'two events of equal contents are rivals',
    FINDINGS,
    'newest.filter(isKept).map(({ order }) => orderContent(order))',
    'newest.filter(isKept).map(({ eventId }) => eventId)',
  ),
  bug('rivals are not told', FINDINGS, 'return contents.size > 1', 'return contents.size > 9'),
  bug(
    'versions that name different customers are no rivals',
    FINDINGS,
    'newest.filter(isKept).map(({ order }) => orderContent(order))',
    'newest.filter(isKept).map(({ order }) => orderContent({ ...order, customerId: undefined }))',
  ),
  // Write times
  bug(
    'an entry is written at its arrival',
    WRITE_TIMES,
    '): bigint =>\n  BigInt(publishedAtMs) * MICROSECONDS_PER_MILLISECOND;',
    '): bigint =>\n  BigInt(Date.now() + 0 * publishedAtMs) * MICROSECONDS_PER_MILLISECOND;',
  ),
  bug(
    'a version is written at its arrival',
    WRITE_TIMES,
    'BigInt(atMs) * MICROSECONDS_PER_MILLISECOND +',
    'BigInt(Date.now() + 0 * atMs) * MICROSECONDS_PER_MILLISECOND +',
  ),
  bug(
    'an erasure is written at its arrival',
    WRITE_TIMES,
    'BigInt(erasedAtMs) * MICROSECONDS_PER_MILLISECOND + 1n',
    'BigInt(Date.now() + 0 * erasedAtMs) * MICROSECONDS_PER_MILLISECOND + 1n',
  ),
  bug(
    'payments are written without their count',
    WRITE_TIMES,
    'BigInt(10 * eventIds.length + Math.min(erased, ERASED_MAX)) * SLOTS_OF_IDS +',
    'BigInt(10 + Math.min(erased, ERASED_MAX)) * SLOTS_OF_IDS +',
  ),
  bug(
    'payments are written without the digits of their ids',
    WRITE_TIMES,
    '0n) % SLOTS_OF_IDS);',
    '0n) % 1n);',
  ),
  // The producer's time
  bug(
    'occurred_at is believed without a limit',
    EVENT_TIME,
    'occurredAtMs === undefined || occurredAtMs > publishedAtMs + CLOCK_AHEAD_MAX_MS',
    'occurredAtMs === undefined',
  ),
  bug('a clock that is ahead is never believed', EVENT_TIME, '= 5 * 60_000', '= 0'),
  bug(
    'the limit of occurred_at is taken at our clock',
    EVENT_TIME,
    'occurredAtMs > publishedAtMs + CLOCK_AHEAD_MAX_MS',
    'occurredAtMs > Date.now() + CLOCK_AHEAD_MAX_MS',
  ),
  {
    name: 'the limit of occurred_at is taken at the carrier’s time',
    file: 'shared/messaging/toIncomingEvent.ts',
    find: '    messageId: message.messageId,\n',
    replace: '    messageId: message.messageId,\n    carrierMs: message.publishTimeMs,\n',
    also: [
      {
        file: 'shared/messaging/toEntry.ts',
        find: `  { eventId, publishedAtMs, isRedacted }: IncomingEvent,
  occurredAtMs: number | undefined,
) => ({
  eventId,
  publishedAtMs,
  atMs: eventTimeOf(occurredAtMs, publishedAtMs),`,
        replace: `  { eventId, publishedAtMs, isRedacted, carrierMs },
  occurredAtMs: number | undefined,
) => ({
  eventId,
  publishedAtMs,
  atMs: eventTimeOf(occurredAtMs, carrierMs) === occurredAtMs ? occurredAtMs : publishedAtMs,`,
      },
    ],
  },
  bug(
    'occurred_at is not read',
    EVENT_TIME,
    'occurredAtMs === undefined || occurredAtMs > publishedAtMs + CLOCK_AHEAD_MAX_MS',
    'occurredAtMs === undefined || occurredAtMs > 0',
  ),
  bug(
    'a dead letter is filed under the day on which it is told',
    DEAD_LETTER,
    'day: dayOf(sinceMs),',
    'day: dayOf(Date.now() + 0 * sinceMs),',
  ),
];
