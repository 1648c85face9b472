import type { EventStamp } from './event.ts';

const MICROSECONDS_PER_MILLISECOND = 1000n;

/**
 * The Cassandra write time of everything that an event writes, in microseconds: the original publish time's
 * milliseconds, then three digits of the event's hash. A redelivery, a forwarded copy and a redrive get the same
 * one, so writing twice changes nothing and the newest published content wins whatever arrives last (I4).
 */
export const writeTimeOf = ({ eventId, publishedAtMs }: EventStamp): bigint =>
  BigInt(publishedAtMs) * MICROSECONDS_PER_MILLISECOND +
  (BigInt(`0x${eventId.slice(0, 8)}`) % MICROSECONDS_PER_MILLISECOND);
