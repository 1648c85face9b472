import { dayOf } from './dayOf.ts';
import { FINDING_REASONS } from './finding.ts';

/**
 * Why a message was dead-lettered. `invalid`: the body can never be accepted. `unmatched`: a payment waits
 * for its order. The others report a finding about messages that are in the ledger.
 */
export const DEAD_LETTER_REASONS = ['invalid', 'unmatched', ...FINDING_REASONS] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** Something that a person must be told about a message. */
export interface Report {
  readonly reason: DeadLetterReason;
  /** One sentence that says what is wrong, with card numbers masked (I8). */
  readonly error: string;
  /** 32 hex digits: the id of the event, or of the finding. */
  readonly id: string;
  /** When that event, or the earliest of the finding, was published, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** One row of `dead_letters`: a report, and the message that carried it. */
export interface DeadLetter extends Report {
  /** The id of the event that carried it, and its first publish time in milliseconds since the epoch. */
  readonly toldBy: string;
  readonly publishedAtMs: number;
  readonly originTopic: string;
  readonly originMessageId: string;
  readonly recordedAtMs: number;
  /** The body, cut to `PAYLOAD_BYTES_MAX`. */
  readonly payload: Uint8Array;
  /** The size of the body, cut or not. */
  readonly payloadBytes: number;
  /** The SHA-256 of a body that was cut, in hex. Undefined when it is whole. */
  readonly payloadSha256: string | undefined;
  readonly isRedacted: boolean;
  readonly redriveCount: number;
  /** Undefined when the body does not tell it, as `paymentId` is. */
  readonly orderId: bigint | undefined;
  readonly paymentId: bigint | undefined;
}

/**
 * The number of partitions of one day. They spread the writes of a busy day: at 1,000 dead letters a second,
 * a partition has 84,000 rows. The number can never change, because every row's key depends on it.
 */
export const DEAD_LETTER_SHARDS = 1_024;

/** The key under which the dead letters of one event, or of one finding, are stored, without their reason. */
export interface DeadLetterKey {
  /** `yyyy-mm-dd`, UTC. */
  readonly day: string;
  /** From 0 to 1,023. */
  readonly shard: number;
  readonly id: string;
}

/**
 * The key of a report: the UTC day since which it stands, and a shard from its id. Whoever tells it again
 * gets the same key.
 * `{ id: '0123456789abcdef…', sinceMs: 1767225600000 }` → day `2026-01-01`, shard 495.
 */
export const deadLetterKeyOf = ({ id, sinceMs }: Pick<Report, 'id' | 'sinceMs'>): DeadLetterKey => ({
  id,
  day: dayOf(sinceMs),
  shard: Number.parseInt(id.slice(8, 16), 16) % DEAD_LETTER_SHARDS,
});

/** Dead letters of an earlier month are found under this one: Pub/Sub did not exist then. */
const FIRST_MONTH = 201_501;

/** The month of a day as a number. `'2026-11-24'` → `202611`; `'1999-01-01'` → `201501`. */
export const monthOf = (day: string): number =>
  Math.max(FIRST_MONTH, Number(`${day.slice(0, 4)}${day.slice(5, 7)}`));

/** The months of a span of time in milliseconds, the latest first. */
export const monthsOf = (sinceMs: number, untilMs: number): readonly number[] => {
  const last = monthOf(new Date(untilMs).toISOString());
  const months: number[] = [];
  for (let month = monthOf(new Date(sinceMs).toISOString()); month <= last;) {
    months.push(month);
    month += month % 100 === 12 ? 89 : 1;
  }
  return months.toReversed();
};

/**
 * Whether the place of a dead letter follows from the ledger of its order. That of an early payment does: its
 * id and its time are those of the payment's entry.
 */
export const isFoundByLedger = ({ reason }: Pick<Report, 'reason'>): boolean => reason === 'unmatched';
