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
  /** Undefined where the body could not be read. */
  readonly orderId: bigint | undefined;
  readonly paymentId: bigint | undefined;
}

/** Spreads a busy day over as many partitions; fixed for ever, for it is part of every row's key. */
export const DEAD_LETTER_SHARDS = 16;

/** Where the dead letters of one event are. */
export interface DeadLetterKey {
  /** `yyyy-mm-dd`, UTC. */
  readonly day: string;
  /** From 0 to 15. */
  readonly shard: number;
  readonly eventId: string;
}

/** The key of an event's dead letters: the UTC day of its first publish, and a shard from its id. */
export const deadLetterKeyOf = ({ eventId, publishedAtMs }: EventStamp): DeadLetterKey => ({
  eventId,
  day: new Date(publishedAtMs).toISOString().slice(0, 10),
  shard: Number.parseInt(eventId.slice(8, 16), 16) % DEAD_LETTER_SHARDS,
});
