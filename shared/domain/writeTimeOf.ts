import type { EventStamp } from './event.ts';

const MICROSECONDS_PER_MILLISECOND = 1000n;

/**
 * The Cassandra write time of everything that an event writes, in microseconds since the epoch. It is the
 * first publish time in milliseconds, then three digits that come from the event id. A redelivery, a
 * forwarded copy and a redrive get the same write time. So writing twice changes nothing, and the newest
 * published content wins in any order of arrival (I4).
 * `{ eventId: '000003e7…', publishedAtMs: 1767225600000 }` → `1767225600000999n`.
 */
export const writeTimeOf = ({ eventId, publishedAtMs }: EventStamp): bigint =>
  BigInt(publishedAtMs) * MICROSECONDS_PER_MILLISECOND +
  (BigInt(`0x${eventId.slice(0, 8)}`) % MICROSECONDS_PER_MILLISECOND);
