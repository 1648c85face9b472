import type { HistoryLine } from '../../../deadLetterContract.ts';

/** A filter without its times, which have many digits and stand elsewhere too. */
export const withoutTimes = (said: string): string => said.replaceAll(/, (?:since|until) [^,\s]+/g, '');

const DONE: Readonly<Record<string, string>> = {
  'dlq redrive': 'redriven',
  'dlq edit': 'edited',
  'dlq discard': 'discarded',
  'findings resolve': 'resolved',
  erase: 'erased',
  heal: 'healed',
};

/** One line of the history without its time. Days and times of the filter are in the row's title. */
export const sayHistory = ({ action, said, because, result }: HistoryLine): string => {
  const about = withoutTimes(said).replaceAll(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1');
  const words = because === '' ? '' : `: “${because}”`;
  return `${DONE[action] ?? action} ${about}${words}. ${result ?? 'It runs, it died, or its end could not be written'}`;
};
