import type { Outcome } from '../../contract.ts';
import { html } from '../html.ts';
import type { Shape } from './icon.ts';
import { Mark } from './mark.ts';

/** In the order of the filter's buttons. `findings`: what told one. */
export const SHAPE_OF: Readonly<Record<Outcome | 'findings', Shape>> = {
  matched: 'ok',
  stored: 'ok',
  parked: 'wait',
  findings: 'attn',
  invalid: 'bad',
  too_many: 'attn',
  retry: 'retry',
  dropped: 'bad',
  'on its way': 'wait',
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
