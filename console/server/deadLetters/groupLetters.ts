import type { LetterGroup } from '../../deadLetterContract.ts';
import { DEAD_LETTER_REASONS } from '../../../shared/domain/deadLetter.ts';
import type { IndexedLetter } from './toLetter.ts';

/** More kinds of error with one reason than anybody reads. The others count for their reason only. */
const KINDS_MAX = 50;

/** In the order of the reasons, and below each its kinds of error, the most frequent first. */
export const groupLetters = (letters: readonly IndexedLetter[]): readonly LetterGroup[] => {
  const reasons = new Map<string, { readonly sum: Sum; readonly kinds: Map<string, Sum> }>();
  for (const letter of letters) {
    const { sum, kinds } = reasons.get(letter.reason) ?? { sum: createSum(), kinds: new Map<string, Sum>() };
    reasons.set(letter.reason, { sum, kinds });
    sum.add(letter);
    const ofKind = kinds.get(letter.kind) ?? createSum();
    kinds.set(letter.kind, ofKind);
    ofKind.add(letter);
  }
  return DEAD_LETTER_REASONS.flatMap((reason) => {
    const found = reasons.get(reason);
    if (found === undefined) return [];
    const kinds = [...found.kinds]
      .map(([kind, sum]) => ({ reason, kind, ...sum.say() }))
      .toSorted((a, b) => (b.open ?? 0) - (a.open ?? 0) || b.all - a.all)
      .slice(0, KINDS_MAX);
    return [{ reason, kind: null, ...found.sum.say() }, ...kinds];
  });
};

type Sum = ReturnType<typeof createSum>;

/** Counts letters. Open ones are not known while nobody has looked at one of them. */
const createSum = () => {
  let [all, open, unknown] = [0, 0, 0];
  let [oldestMs, oldestOpenMs] = [Infinity, Infinity];
  return {
    add: ({ isOpen, publishedAtMs }: IndexedLetter): void => {
      all += 1;
      oldestMs = Math.min(oldestMs, publishedAtMs);
      if (isOpen === undefined) unknown += 1;
      if (isOpen !== true) return;
      open += 1;
      oldestOpenMs = Math.min(oldestOpenMs, publishedAtMs);
    },
    say: (): Omit<LetterGroup, 'reason' | 'kind'> => {
      const oldest = unknown > 0 ? oldestMs : oldestOpenMs;
      return { all, open: unknown > 0 ? null : open, oldestMs: oldest === Infinity ? null : oldest };
    },
  };
};
