import type { DeadLetterReason, EventStamp } from './event.ts';

/** One row of `dead_letters`, as `onDlq` records it. */
export interface DeadLetter extends EventStamp {
  readonly reason: DeadLetterReason;
  readonly error: string;
  readonly originTopic: string;
  readonly originMessageId: string;
  readonly recordedAtMs: number;
  readonly payload: Uint8Array;
  readonly isRedacted: boolean;
  readonly redriveCount: number;
  /** Undefined when the body could not be read, as `paymentId` is. */
  readonly orderId: bigint | undefined;
  readonly paymentId: bigint | undefined;
}

/**
 * The number of partitions of one day. They spread the writes of a busy day. The number can never change,
 * because every row's key depends on it.
 */
export const DEAD_LETTER_SHARDS = 16;

/** The key under which the dead letters of one event are stored, without their reason. */
export interface DeadLetterKey {
  /** `yyyy-mm-dd`, UTC. */
  readonly day: string;
  /** From 0 to 15. */
  readonly shard: number;
  readonly eventId: string;
}

/**
 * The key of an event's dead letters: the UTC day of its first publish, and a shard from its event id.
 * `{ eventId: '0123456789abcdef…', publishedAtMs: 1767225600000 }` → day `2026-01-01`, shard 15.
 */
export const deadLetterKeyOf = ({ eventId, publishedAtMs }: EventStamp): DeadLetterKey => ({
  eventId,
  day: new Date(publishedAtMs).toISOString().slice(0, 10),
  shard: Number.parseInt(eventId.slice(8, 16), 16) % DEAD_LETTER_SHARDS,
});
