import type { StreamFilter } from '../../../contract.ts';

/** What a person can ask for, in the order of the buttons. `findings` is every message that told one. */
export const OUTCOMES = [
  'matched',
  'stored',
  'unmatched',
  'findings',
  'invalid',
  'retry',
  'dropped',
] as const;
type FilterOutcome = (typeof OUTCOMES)[number];

const isOutcome = (text: string): text is FilterOutcome => OUTCOMES.some((known) => known === text);

/** The filter that an address asks for. Words that nobody knows are left out. Without outcomes, all fit. */
export const readFilter = (query: URLSearchParams): StreamFilter => ({
  text: query.get('text') ?? '',
  topic: query.get('topic') ?? '',
  outcomes: (query.get('outcomes') ?? '').split(',').filter(isOutcome),
});

/** The same as the query of an address, without what is empty. */
export const filterQuery = ({ text, topic, outcomes }: StreamFilter): Readonly<Record<string, string>> => ({
  text,
  topic,
  outcomes: outcomes.join(','),
});

export const isEverything = ({ text, topic, outcomes }: StreamFilter): boolean =>
  text === '' && topic === '' && outcomes.length === 0;

/**
 * Presses the button of an outcome. All are pressed at first. When all are pressed again, or none would be,
 * everything fits.
 */
export const pressOutcome = (outcomes: readonly string[], pressed: string): readonly string[] => {
  const on = outcomes.length === 0 ? OUTCOMES : OUTCOMES.filter((outcome) => outcomes.includes(outcome));
  const next = OUTCOMES.filter((outcome) => on.includes(outcome) !== (outcome === pressed));
  return next.length === OUTCOMES.length ? [] : next;
};
