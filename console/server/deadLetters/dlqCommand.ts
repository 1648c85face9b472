import type { DeadLetterFilter } from '../../../shared/operations/deadLetterFilter.ts';
import { shellWord } from '../../../shared/operations/shellWord.ts';

/**
 * The command that does the same in a terminal.
 * @param after what follows the options of the filter, such as `['--rate', '5']`.
 */
export const dlqCommand = (
  verb: 'ls' | 'redrive' | 'discard',
  filter: DeadLetterFilter,
  after: readonly string[] = [],
): string => {
  const { ids, reasons, topic, orderId, paymentId, error, kind, state, sinceMs, untilMs } = filter;
  const [id] = ids;
  if (verb === 'ls' && id !== undefined) return `npx tally dlq show ${id}`;
  const byDefault = verb === 'ls' || (verb === 'redrive' && ids.length > 0) ? undefined : 'open';
  const options = [
    ...ids,
    ...(reasons.length === 0 ? [] : ['--reason', ...reasons]),
    ...(topic === undefined ? [] : ['--topic', topic]),
    ...(orderId === undefined ? [] : ['--order', String(orderId)]),
    ...(paymentId === undefined ? [] : ['--payment', String(paymentId)]),
    ...(error === undefined ? [] : ['--error', error]),
    ...(kind === undefined ? [] : ['--kind', kind]),
    ...(state === byDefault || (state === undefined && ids.length > 0) ? [] : ['--state', state ?? 'any']),
    ...(sinceMs === undefined || ids.length > 0 ? [] : ['--since', new Date(sinceMs).toISOString()]),
    // A list goes up to now in a terminal, too.
    ...(untilMs === undefined || verb === 'ls' || ids.length > 0
      ? []
      : ['--until', new Date(untilMs).toISOString()]),
  ];
  return ['npx tally dlq', verb, ...[...options, ...after].map(shellWord)].join(' ');
};
