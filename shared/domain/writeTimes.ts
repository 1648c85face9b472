import type { EventStamp } from './event.ts';

/**
 * Every Cassandra write time of Tally, in microseconds since the epoch. None comes from a clock of ours, so
 * the same events give the same cells in any order of arrival (I4).
 */

const MICROSECONDS_PER_MILLISECOND = 1000n;
const RANK_MAX = 9;
const ERASED_MAX = 9;
const SLOTS_OF_IDS = 1_000_000_000n;

/** A number from 0 to `slots` - 1 that an event id gives. `('000003e7…', 100n)` → 99. */
const digitsOf = (eventId: string, slots: bigint): bigint => BigInt(`0x${eventId.slice(0, 15)}`) % slots;

/** When a row of the ledger is written: at the event's first publish time. */
export const ledgerWriteTime = ({ publishedAtMs }: Pick<EventStamp, 'publishedAtMs'>): bigint =>
  BigInt(publishedAtMs) * MICROSECONDS_PER_MILLISECOND;

/** When an erasure blanks a row of the ledger: after everything that was published up to it. */
export const erasureWriteTime = (erasedAtMs: number): bigint =>
  BigInt(erasedAtMs) * MICROSECONDS_PER_MILLISECOND + 1n;

/**
 * When the order columns of a version are written: at its time, then two digits of its event id, then the
 * rank. The two digits order versions of the same millisecond. The rank lets the winner of versions with the
 * very same write time overwrite whatever their cells mixed.
 * `({ eventId: '000003e7…', atMs: 1767225600000 }, 1)` → `1767225600000991n`.
 * @param rank how many it has to overwrite; at most 9 count.
 */
export const orderWriteTime = (
  { eventId, atMs }: { readonly eventId: string; readonly atMs: number },
  rank = 0,
): bigint =>
  BigInt(atMs) * MICROSECONDS_PER_MILLISECOND +
  10n * digitsOf(eventId, 100n) +
  BigInt(Math.min(rank, RANK_MAX));

/**
 * When the payment columns are written. The time counts what the writer has seen: the number of entries, then
 * one digit for those of them that it knows to be erased, then nine digits that their ids give together. So
 * the writer that saw more payments has the last word, and no clock can make an older view win. An erasure
 * must not count as much as a payment: who has seen one and misses a payment would win over who has seen all
 * payments. These times lie before 1974 for as many as a function reads.
 * `(['000003e7…'], 1)` → `11000000999n`.
 * @param eventIds those of all payment entries of the order, in any order.
 * @param erased how many of them an erasure covers; at most 9 count.
 */
export const paymentsWriteTime = (eventIds: readonly string[], erased: number): bigint =>
  BigInt(10 * eventIds.length + Math.min(erased, ERASED_MAX)) * SLOTS_OF_IDS +
  (eventIds.reduce((sum, eventId) => sum + digitsOf(eventId, SLOTS_OF_IDS), 0n) % SLOTS_OF_IDS);

/** The number of payment entries that the writer of payment columns had read. `11000000999n` → 1. */
export const paymentsCounted = (writeTime: bigint): number => Number(writeTime / (10n * SLOTS_OF_IDS));

/** When a dead letter is written: at its event's first publish time, then three digits of that event's id. */
export const deadLetterWriteTime = ({ eventId, publishedAtMs }: EventStamp): bigint =>
  BigInt(publishedAtMs) * MICROSECONDS_PER_MILLISECOND + digitsOf(eventId, MICROSECONDS_PER_MILLISECOND);

/**
 * When an erasure takes the payload of a dead letter away: after the write of every dead letter whose event
 * was published up to the erasure.
 */
export const payloadErasureWriteTime = (erasedAtMs: number): bigint =>
  BigInt(erasedAtMs + 1) * MICROSECONDS_PER_MILLISECOND - 1n;
