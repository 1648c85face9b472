import { html } from '../html.ts';
import { Icon } from './icon.ts';

/** Why an act failed, at its button. */
export const ActProblem = ({ problem }: { readonly problem: string | undefined }) =>
  problem === undefined
    ? null
    : html`<p class="er" role="alert"><${Icon} shape="bad" /><span>${problem}</span></p>`;
