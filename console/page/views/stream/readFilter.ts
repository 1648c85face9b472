import type { StreamFilter } from '../../../contract.ts';
import { TEXT_CHARACTERS_MAX } from '../../parts/filterText.ts';
import { SHAPE_OF } from '../../parts/outcomeMark.ts';
import { TOPICS } from '../../parts/topics.ts';

/** What a person can ask for, with its shape, in the order of the buttons. */
export const CHOICES = Object.entries(SHAPE_OF).filter(([name]) => name !== 'on its way');
const NAMES = CHOICES.map(([name]) => name);

/**
 * The filter that an address asks for. Words that nobody knows are left out, because the server would refuse
 * them, and the page would not be live. Without outcomes, all fit.
 */
export const readFilter = (query: URLSearchParams): StreamFilter => {
  const outcomes = (query.get('outcomes') ?? '').split(',');
  return {
    text: (query.get('text') ?? '').slice(0, TEXT_CHARACTERS_MAX),
    topic: TOPICS.find((topic) => topic === query.get('topic')) ?? '',
    outcomes: NAMES.filter((name) => outcomes.includes(name)),
  };
};

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
  const on = outcomes.length === 0 ? NAMES : outcomes;
  const next = NAMES.filter((outcome) => on.includes(outcome) !== (outcome === pressed));
  return next.length === NAMES.length ? [] : next;
};
