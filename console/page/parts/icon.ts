import { html } from '../html.ts';

/** The shapes of index.html. A state is a shape, a word and a colour, so black-and-white print works. */
export type Shape = 'ok' | 'wait' | 'retry' | 'attn' | 'bad' | 'calm' | 'said' | 'mark';

/** The colour of a state. `calm` has none. */
export type Tone = 'ok' | 'wait' | 'attn' | 'bad' | 'calm';

interface IconProps {
  readonly shape: Shape;
  /** Default: that of the shape. */
  readonly tone?: Tone;
  readonly class?: string;
}

/** One shape, for eyes only: the word beside it says the same. */
export const Icon = ({ shape, tone = toneOf(shape), class: name = 'mk' }: IconProps) => html`
  <svg class="${name} ${tone}" aria-hidden="true" focusable="false"><use href=${`#shape-${shape}`} /></svg>
`;

const toneOf = (shape: Shape): Tone =>
  shape === 'retry' ? 'attn' : shape === 'said' || shape === 'mark' ? 'calm' : shape;
