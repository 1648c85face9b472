import type { MessageAttempt, MessageDetail } from '../../../contract.ts';
import { format } from '../../parts/format.ts';

/** What became of a message, behind its outcome: the rest of the sentence. Pure. */
export const messageVerdict = (message: MessageDetail, nowMs: number): string => {
  const { attempts, outcome, tookMs, againAtMs, error, findings, redriveCount } = message;
  const { failed, isAcked } = attempts;
  const told = findings.length === 0 ? '' : ` Told: ${findings.join(', ')}.`;
  const redriven = redriveCount === 0 ? '' : ` It was redriven ${times(redriveCount)}.`;
  if (isAcked) {
    const acked = attempts.list.filter(({ settlement }) => settlement === 'ack');
    const acks = (attempts.unlisted?.acks ?? 0) + acked.length;
    const first = attempts.unlisted?.first ?? acked[0]?.outcome ?? 'acked';
    const number = failed + Math.max(1, acks);
    const on = number === 1 ? 'on the first attempt' : `on attempt ${number}`;
    const took = tookMs === null ? '' : `${format.duration(tookMs)} after it was published`;
    const after = acks > 1 ? sayAgainAcked(acked.at(-1), first, took) : took === '' ? '' : `, ${took}`;
    const failures = failed === 0 ? '' : ` ${sayFailed(failed)}${lastError(message)}`;
    const why = error === null || failed > 0 ? '' : ` ${sentence(error)}`;
    return `${on}${after}.${failures}${why}${told}${redriven}`;
  }
  if (outcome === 'dropped') {
    const tried = failed === 0 ? '' : ` ${sayFailed(failed)}${lastError(message)}`;
    return `and not acked. ${sentence(error ?? '')}${tried}${redriven}`;
  }
  if (failed === 0)
    return `since ${format.duration(nowMs - message.publishedAtMs)}: no attempt has ended yet.${redriven}`;
  const again = againAtMs === null ? '' : ` It comes ${sayAgain(againAtMs, nowMs)}.`;
  return `not acked. ${sayFailed(failed)}${lastError(message)}${again}${redriven}`;
};

/** A replay, a redrive or a copy brought an event again that was acked before, perhaps as something else. */
const sayAgainAcked = (last: MessageAttempt | undefined, first: string, took: string): string =>
  `, at ${format.exactTime(last?.startedAtMs)}. It was ${first} first${took === '' ? '' : `, ${took}`}`;

/** `againAtMs` as a person reads it: `again in 1.4 s`. */
export const sayAgain = (againAtMs: number, nowMs: number): string =>
  againAtMs <= nowMs ? 'again now' : `again in ${((againAtMs - nowMs) / 1_000).toFixed(1)} s`;

const sayFailed = (failed: number): string =>
  failed === 1 ? 'One attempt failed' : `${failed} attempts failed`;

/** Why the last attempt failed that failed. */
const lastError = ({ attempts: { list } }: MessageDetail): string => {
  const last = list.findLast(({ settlement }) => settlement !== null && settlement !== 'ack');
  if (last === undefined) return '.';
  if (last.settlement === 'ack lost') return ': its ack was lost.';
  if (last.settlement === 'no answer') return ': no answer came in time.';
  return last.error === null ? '.' : `: ${sentence(last.error)}`;
};

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
