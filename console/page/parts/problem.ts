import { html } from '../html.ts';
import { Blank } from './blank.ts';
import type { Fetched } from './useFetched.ts';

interface ProblemProps {
  /** What cannot be shown, such as `The dead letters cannot be read`. */
  readonly title: string;
  readonly fetched: Pick<Fetched<unknown>, 'problem' | 'failures' | 'again'>;
}

/** One part of a view failed; the rest stays. What, how often it was tried, and a button that looks again. */
export const Problem = ({ title, fetched: { problem, failures, again } }: ProblemProps) => html`
  <${Blank} title=${title} shape="bad">
    <p>${problem}${failures > 1 ? `, ${failures} tries` : ''}</p>
    <p><button type="button" onClick=${again}>Look again</button></p>
  <//>
`;
