import type { ComponentChildren } from 'preact';
import { html } from '../html.ts';
import { Icon, type Shape } from './icon.ts';

interface BlankProps {
  readonly title: string;
  readonly shape?: Shape;
  readonly children?: ComponentChildren;
}

/** A box where something else would stand: what is empty or failed, since when, and what to do next. */
export const Blank = ({ title, shape, children }: BlankProps) => html`
  <div class="blank">
    <h2 class=${shape === undefined ? '' : shape}>
      ${shape === undefined ? null : html`<${Icon} shape=${shape} />`}${title}
    </h2>
    ${children}
  </div>
`;
