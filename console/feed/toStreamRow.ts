import type { StreamFilter, StreamRow } from '../contract.ts';
import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';
import type { KeptMessage } from './keptMessages.ts';

/** A row is read on one line. The whole error is in the drawer. */
const NOTE_CHARACTERS_MAX = 160;

/** @param eventId the event that it carries, also when no function has said so yet. */
export const toStreamRow = (message: KeptMessage): StreamRow => {
  const { messageId, eventId, topic, publishedAtMs, ackedAtMs, failed, findings } = message;
  const last = message.attempts.at(-1);
  const isOver = ackedAtMs !== null || message.outcome === 'dropped';
  const isHeld = !isOver && last !== undefined && last.holdMs !== null;
  return {
    key: eventId ?? messageId,
    eventId: eventId ?? null,
    topic,
    publishedAtMs,
    orderId: message.orderId,
    paymentId: message.paymentId,
    outcome: message.outcome,
    findings,
    attempts: { failed, isAcked: ackedAtMs !== null },
    tookMs: ackedAtMs === null ? null : Math.max(0, ackedAtMs - publishedAtMs),
    againAtMs: isHeld ? (last.endedAtMs ?? 0) + (last.holdMs ?? 0) : null,
    // A cut may make a card number of a longer one (I8).
    note: maskCardNumbers(noteOf(message).slice(0, NOTE_CHARACTERS_MAX)),
  };
};

const noteOf = ({ error, findings, outcome, failed, attempts, unlisted }: KeptMessage): string => {
  if (error !== null) return error;
  if (findings.length > 0) return findings.map((finding) => FINDING_NOTES[finding] ?? finding).join('; ');
  if (outcome === 'parked') return 'waits for its order';
  const acked = attempts.filter(({ ended }) => ended === 'acked');
  const first = unlisted?.first ?? acked[0]?.outcome ?? outcome;
  const acks = (unlisted?.acks ?? 0) + acked.length;
  if (acks > 1) return `acked ${acks} times${first === outcome ? '' : `, ${first} first`}`;
  return failed > 0 && outcome !== 'retry'
    ? `after ${failed} failed ${failed === 1 ? 'attempt' : 'attempts'}`
    : '';
};

const FINDING_NOTES: Readonly<Record<string, string>> = {
  conflict: 'more than one payment says paid',
  changed: 'one payment, two contents',
  rivals: 'two versions at one time',
  too_many: 'too many events',
};

/** Fewer digits of an event id fit many events by chance. Rows show the first eight. */
const EVENT_DIGITS_MIN = 6;

/** Only these are sampled early: they say nothing that a person looks for. */
export const isCalm = ({ outcome, findings, failed }: KeptMessage): boolean =>
  (outcome === 'matched' || outcome === 'stored') && findings.length === 0 && failed === 0;

export const isEverything = ({ text, topic, outcomes }: StreamFilter): boolean =>
  text.trim() === '' && topic === '' && outcomes.length === 0;

/** Whether a message fits a filter. `findings` among the outcomes stands for every message with one. */
export const fits = (message: KeptMessage, { text, topic, outcomes }: StreamFilter): boolean => {
  if (topic !== '' && message.topic !== topic) return false;
  if (
    outcomes.length > 0 &&
    !outcomes.includes(message.outcome) &&
    !(message.findings.length > 0 && outcomes.includes('findings'))
  ) {
    return false;
  }
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const { orderId, paymentId, messageId, eventId, error } = message;
  return (
    orderId === wanted ||
    paymentId === wanted ||
    messageId === wanted ||
    (wanted.length >= EVENT_DIGITS_MIN && eventId?.startsWith(wanted) === true) ||
    noteOf(message).toLowerCase().includes(wanted) ||
    (error?.toLowerCase().includes(wanted) ?? false)
  );
};
