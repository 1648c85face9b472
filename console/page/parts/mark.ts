import type { ComponentChildren } from 'preact';
import { html } from '../html.ts';
import { Icon, type Shape, type Tone } from './icon.ts';

interface MarkProps {
  readonly shape: Shape;
  /** The colour of the shape. Default: that of the shape. */
  readonly tone?: Tone;
  /** `word`: the word has the colour too. `quiet`: the word is grey, for what is normal. Default: ink. */
  readonly look?: 'word' | 'quiet';
  readonly children?: ComponentChildren;
}

/** A state: its shape, its word, its colour. `<${Mark} shape="wait">waiting<//>` */
export const Mark = ({ shape, tone, look, children }: MarkProps) => html`
  <span class="st ${look === 'quiet' ? 'calm' : look === 'word' ? (tone ?? wordTone(shape)) : ''}"
    ><${Icon} shape=${shape} tone=${tone} class="" />${children}</span
  >
`;

const wordTone = (shape: Shape): string => (shape === 'retry' ? 'attn' : shape);
