import type { MessageAttempt, MessageDetail } from '../contract.ts';
import { maskBody } from '../../shared/masking/maskBody.ts';
import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';
import { SUBSCRIPTIONS } from '../../shared/topology.ts';
import { eventOf } from './eventOf.ts';
import { type FeedState, isInput } from './feedState.ts';
import type { KeptAttempt, KeptMessage } from './keptMessages.ts';
import { toStreamRow } from './toStreamRow.ts';

/** So much of a payload is shown. */
const PAYLOAD_BYTES_MAX = 64 * 1024;

export const keptOf = (kept: FeedState['kept'], key: string): KeptMessage | undefined =>
  kept.byEvent(key) ?? kept.byMessage(key);

/** @returns undefined when the message is not kept any more. */
export const messageDetail = ({ kept, told }: FeedState, key: string): MessageDetail | undefined => {
  const message = keptOf(kept, key);
  if (message === undefined) return undefined;
  const row = toStreamRow(message);
  return {
    ...row,
    messageId: message.messageId,
    attempts: { ...row.attempts, list: message.attempts.map(toAttempt), unlisted: message.unlisted },
    error: message.error,
    redriveCount: message.redriveCount,
    payload: payloadOf(message),
    attributes: message.published === undefined ? null : masked(message.published.attributes),
    told: message.eventId === undefined ? [] : told.of(message.eventId),
  };
};

const toAttempt = (attempt: KeptAttempt, index: number, all: readonly KeptAttempt[]): MessageAttempt => {
  const { number, startedAtMs, endedAtMs, outcome, error, traceId, holdMs, answered, isPulled } = attempt;
  const next = all[index + 1];
  // What really passed is more than Pub/Sub held it back, when its pushes paused as well.
  const waited =
    next === undefined || endedAtMs === null ? holdMs : Math.max(0, next.startedAtMs - endedAtMs);
  return {
    number,
    function: attempt.function,
    startedAtMs,
    endedAtMs,
    settlement: settlementOf(attempt),
    status: isPulled || answered === undefined ? null : answered === 'ack' ? 204 : 503,
    outcome,
    error,
    backoffMs: attempt.ended === 'nacked' ? waited : null,
    traceId,
  };
};

const settlementOf = ({ ended, answered }: KeptAttempt): MessageAttempt['settlement'] => {
  if (ended === 'acked') return 'ack';
  if (ended === undefined) return answered ?? null;
  if (answered === undefined) return 'no answer';
  return answered === 'ack' ? 'ack lost' : 'retry';
};

/**
 * Masked as the functions mask it, and once more after the cut: it could make a card number of a longer one.
 */
const payloadOf = ({
  published,
  messageId,
  publishedAtMs,
  topic,
  bytes,
}: KeptMessage): MessageDetail['payload'] => {
  const spec = SUBSCRIPTIONS.find((one) => isInput(one) && one.topic === topic);
  if (published === undefined || spec === undefined) return null;
  const { data, isRedacted, cut } = eventOf({ ...published, messageId, publishedAtMs }, spec);
  const shown = maskBody(data.subarray(0, PAYLOAD_BYTES_MAX));
  return {
    text: textOf(shown.data),
    bytes,
    isCut: cut !== undefined || data.byteLength > PAYLOAD_BYTES_MAX,
    isMasked: isRedacted || shown.isRedacted,
  };
};

/** Null: the bytes are not UTF-8. A cut may have split the last character. */
const textOf = (data: Uint8Array): string | null => {
  const isSplit = data.byteLength === PAYLOAD_BYTES_MAX;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data, { stream: isSplit });
  } catch {
    return null;
  }
};

const masked = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [maskCardNumbers(name), maskCardNumbers(value)]),
  );
