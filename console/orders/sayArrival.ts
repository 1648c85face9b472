import type { MessageAttempt } from '../contract.ts';

/** Whether a function took it in this attempt, though Pub/Sub may not have heard of it. */
export const isTaken = ({ settlement }: MessageAttempt): boolean =>
  settlement === 'ack' || settlement === 'ack lost';

/**
 * How a message came, in words: `first attempt, 204 after 21 ms`, or `attempt 3, after two 503`. Empty when
 * nobody has seen it come.
 */
export const sayArrival = (attempts: readonly MessageAttempt[]): string => {
  const at = attempts.findIndex(isTaken);
  const taken = attempts[at];
  const failed = at === -1 ? attempts : attempts.slice(0, at);
  const failures = failed.length === 0 ? '' : `${counted(failed.length)} ${wordOf(failed)}`;
  if (taken === undefined) return failures === '' ? '' : `not taken yet, after ${failures}`;
  const { startedAtMs, endedAtMs, status, settlement } = taken;
  const took = endedAtMs === null ? '' : ` after ${Math.max(1, Math.round(endedAtMs - startedAtMs))} ms`;
  const lost = settlement === 'ack lost' ? ', its ack was lost' : '';
  const which = at === 0 ? 'first attempt' : `attempt ${at + 1}, after ${failures}`;
  return `${which}, ${status ?? 'acked'}${took}${lost}`;
};

const wordOf = (failed: readonly MessageAttempt[]): string => {
  const answers = new Set(failed.map(({ status }) => status));
  const [only] = answers;
  if (answers.size > 1) return 'failed attempts';
  return only === null || only === undefined ? 'without an answer' : String(only);
};

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const counted = (count: number): string => WORDS[count] ?? String(count);
