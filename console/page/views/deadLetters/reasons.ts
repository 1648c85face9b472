import type { Shape } from '../../parts/icon.ts';
import { format } from '../../parts/format.ts';

/** What each reason means, and whether somebody has to look. */
export const REASONS: Readonly<Record<string, { readonly shape: Shape; readonly what: string }>> = {
  unmatched: { shape: 'wait', what: 'waits for its order; nothing to do' },
  invalid: { shape: 'attn', what: 'none was accepted' },
  conflict: { shape: 'attn', what: 'two payments both say paid' },
  changed: { shape: 'attn', what: 'one payment, two contents' },
  rivals: { shape: 'attn', what: 'two versions at one time' },
  too_many: { shape: 'attn', what: 'too many events' },
};

export const FINDINGS: readonly string[] = ['conflict', 'changed', 'rivals', 'too_many'];

/** The first digits of an id, by which people know it. */
export const shortId = (id: string): string => id.slice(0, 8);

/** The largest part of an age: `24 min`. */
export const shortAge = (ms: number): string => format.age(ms).split(' ').slice(0, 2).join(' ');

export const letters = (count: number): string =>
  `${format.count(count)} ${count === 1 ? 'letter' : 'letters'}`;
