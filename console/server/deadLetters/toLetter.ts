import { errorKindOf, errorValuesOf } from '../../../shared/operations/errorKindOf.ts';
import { formatPlace } from '../../../shared/domain/deadLetterPlace.ts';
import type { DeadLetterHead } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';

/** What is kept of a dead letter: what it takes to group it, to filter it, and to look at its ledger. */
export interface IndexedLetter extends DeadLetterHead {
  readonly place: string;
  readonly originTopic: string;
  readonly error: string;
  readonly kind: string;
  /** What the error says beside its kind. */
  readonly values: string;
  readonly toldBy: string;
  readonly recordedAtMs: number | undefined;
  readonly redriveCount: number;
  readonly payloadBytes: number;
  readonly isCut: boolean;
  /** Undefined while nobody has looked at its ledger. */
  isOpen: boolean | undefined;
  /** When somebody last looked, in milliseconds since the epoch; 0: never. */
  lookedAtMs: number;
}

/** Texts that many dead letters share, so that each is kept once. More are kept as often as they come. */
const TEXTS_MAX = 10_000;

/**
 * Makes the function that keeps of a row what the page needs. The driver makes new texts for each row: where
 * 100,000 rows have the same topic, one text is kept.
 */
export const createToLetter = (): ((row: DeadLetterRow) => IndexedLetter) => {
  const texts = new Map<string, string>();
  const same = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined && texts.size < TEXTS_MAX) texts.set(text, text);
    return known ?? text;
  };
  return (row) => {
    const { id, toldBy, error } = row;
    const values = errorValuesOf(error);
    return {
      place: formatPlace(row),
      day: same(row.day),
      shard: row.shard,
      id,
      reason: row.reason,
      publishedAtMs: row.publishedAtMs,
      originTopic: same(row.originTopic),
      orderId: row.orderId,
      paymentId: row.paymentId,
      error,
      kind: same(errorKindOf(error)),
      values: values === error ? error : same(values),
      toldBy: toldBy === id ? id : toldBy,
      recordedAtMs: row.recordedAtMs,
      redriveCount: row.redriveCount,
      payloadBytes: row.payloadBytes,
      isCut: row.payloadSha256 !== undefined,
      isOpen: undefined,
      lookedAtMs: 0,
    };
  };
};
