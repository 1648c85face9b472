import type { StreamRow } from '../../contract.ts';
import { html } from '../html.ts';

const STROKES_MAX = 5;

/**
 * Attempts as tally strokes: a short amber stroke for each that failed, a long one for the ack. The fifth is
 * the slash, and more than five are a number. A screen reader always gets the number.
 */
export const Strokes = ({ failed, isAcked }: StreamRow['attempts']) => {
  const count = failed + (isAcked ? 1 : 0);
  if (count > STROKES_MAX) return html`<span class="tally"><i class="tick f"></i>${count}</span>`;
  const upright = Math.min(count, STROKES_MAX - 1);
  return html`<span class="tally" role="img" aria-label=${count}
    >${Array.from({ length: upright }, (_, index) => html`<i class=${`tick${index < failed ? ' f' : ''}`}></i>`)}
    ${count === STROKES_MAX ? html`<i class="x"></i>` : null}</span
  >`;
};
