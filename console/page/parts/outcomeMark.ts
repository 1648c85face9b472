import type { Outcome } from '../../contract.ts';
import { html } from '../html.ts';
import type { Shape } from './icon.ts';
import { Mark } from './mark.ts';

const SHAPE_OF: Readonly<Record<Outcome, Shape>> = {
  matched: 'ok',
  stored: 'ok',
  unmatched: 'wait',
  'on its way': 'wait',
  invalid: 'bad',
  too_many: 'attn',
  dropped: 'bad',
  retry: 'retry',
};

interface OutcomeMarkProps {
  readonly outcome: Outcome;
  /** A finding is shown instead of the outcome, because a person has to look at it. */
  readonly findings?: readonly string[];
}

/** What became of a message, as its shape and its word. What is normal is quiet. */
export const outcomeLook = ({ outcome, findings: [finding] = [] }: OutcomeMarkProps) => {
  const shape = finding === undefined ? SHAPE_OF[outcome] : 'attn';
  return { shape, word: finding ?? outcome, isQuiet: shape === 'ok' };
};

export const OutcomeMark = (props: OutcomeMarkProps) => {
  const { shape, word, isQuiet } = outcomeLook(props);
  return html`<${Mark} shape=${shape} look=${isQuiet ? 'quiet' : undefined}>${word}<//>`;
};
