import type { DeadLetterAction } from '../shared/domain/deadLetterAction.ts';
import { showText } from './showText.ts';

/** What an operator did with a dead letter, as a sentence without its full stop. */
export const formatAction = (action: DeadLetterAction): string => {
  const { kind, actedAtMs, operator, because, redrives, detail } = action;
  const what = redrives === undefined ? kind : `${kind} (time ${redrives})`;
  return [
    `${what} at ${new Date(actedAtMs).toISOString()} by ${showText(operator)}`,
    ...(detail === '' ? [] : [` as message ${showText(detail)}`]),
    ...(because === '' ? [] : [`: ${showText(because)}`]),
  ].join('');
};
