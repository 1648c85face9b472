/**
 * I8: text that looks like a full card number is masked but for its last four digits. It looks like one when it has
 * 13 to 19 digits (ISO/IEC 7812), spaces and dashes allowed between them, and its Luhn check holds.
 */

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
const DIGITS_SHOWN = 4;
/** More spaces or dashes than this between two groups of digits, and nobody reads them as one number. */
const SEPARATORS_MAX = 3;
/** Spaces, dashes (to the eye, the minus sign is one) and characters that nobody sees, such as the zero-width space. */
const ONLY_SEPARATORS = /^[\s\p{Pd}\p{Cf}\u2212]+$/u;
const ZERO = 48;

/** Digits that stand together: `text.slice(start, end)`. */
interface Group {
  readonly start: number;
  readonly end: number;
}

/** Neighbouring groups, from the start of the first to the end of the last. */
interface Groups extends Group {
  readonly groups: Group[];
}

/**
 * Masks every card number in `text`; a text without one is returned as it is. One pass, linear in the length, because
 * a hostile message may be 10 MB of digits. Masking a second time changes nothing, which event ids rely on.
 */
export const maskCardNumbers = (text: string): string => {
  const pieces: string[] = [];
  let copiedTo = 0;
  let run: Group[] = [];

  let searchedTo = 0;

  for (let group = nextGroup(text, 0); group !== undefined; group = nextGroup(text, searchedTo)) {
    searchedTo = group.end;
    if (!continuesRun(text, run.at(-1), group)) run = [];
    run.push(group);
    if (run.length > DIGITS_MAX) run.shift();
    const first = cardAtEndOf(text, run, group.end);
    if (first === undefined) continue;

    const card = widened(text, run, first);
    const shown = lastDigits(card, DIGITS_SHOWN);
    pieces.push(text.slice(copiedTo, card.start), text.slice(card.start, shown.start).replace(/\d/g, '*'));
    copiedTo = shown.start;
    searchedTo = card.end;
    run = shown.groups;
  }
  return pieces.join('') + text.slice(copiedTo);
};

const isDigit = (text: string, index: number): boolean => {
  const digit = text.charCodeAt(index) - ZERO;
  return digit >= 0 && digit <= 9;
};

const nextGroup = (text: string, from: number): Group | undefined => {
  let start = from;
  while (start < text.length && !isDigit(text, start)) start += 1;
  if (start === text.length) return undefined;
  let end = start + 1;
  while (end < text.length && isDigit(text, end)) end += 1;
  return { start, end };
};

const continuesRun = (text: string, previous: Group | undefined, group: Group): boolean =>
  previous !== undefined &&
  group.start - previous.end <= SEPARATORS_MAX &&
  ONLY_SEPARATORS.test(text.slice(previous.end, group.start));

/** The longest card number made of the last groups of the run, so that the "2" of "2 4111 1111 1111 1111" hides none. */
const cardAtEndOf = (text: string, run: readonly Group[], end: number): Groups | undefined => {
  let count = 0;
  let luhnSum = 0;
  let card: Groups | undefined;
  for (let first = run.length - 1; first >= 0; first -= 1) {
    const group = run[first];
    if (group === undefined || count + group.end - group.start > DIGITS_MAX) break;
    for (let index = group.end - 1; index >= group.start; index -= 1) {
      luhnSum += luhnTerm(text.charCodeAt(index) - ZERO, count);
      count += 1;
    }
    if (count >= DIGITS_MIN && luhnSum % 10 === 0) {
      card = { start: group.start, end, groups: run.slice(first) };
    }
  }
  return card;
};

/**
 * The longest card number that holds `card`, the first one that ends in the text, or `card` itself: one in ten of the cards
 * of 19 digits starts with 16 that are a card number too, and masking those alone would show seven digits of it.
 */
const widened = (text: string, run: readonly Group[], card: Groups): Groups => {
  const longer = [...run];
  let widest = card;
  let end = card.end;
  let digits = digitsIn(card.groups);
  for (let next = nextGroup(text, end); next !== undefined; next = nextGroup(text, end)) {
    digits += next.end - next.start;
    if (digits > DIGITS_MAX || !continuesRun(text, longer.at(-1), next)) break;
    longer.push(next);
    end = next.end;
    const found = cardAtEndOf(text, longer, end);
    if (found !== undefined && found.start <= widest.start) widest = found;
  }
  return widest;
};

const digitsIn = (groups: readonly Group[]): number =>
  groups.reduce((count, { start, end }) => count + end - start, 0);

/** What a digit adds to the Luhn sum (ISO/IEC 7812-1, annex B); `fromRight` counts from 0. */
const luhnTerm = (digit: number, fromRight: number): number => {
  if (fromRight % 2 === 0) return digit;
  return digit > 4 ? digit * 2 - 9 : digit * 2;
};

/** The groups that hold the last `count` digits, the first of them cut to size. */
const lastDigits = ({ start, end, groups }: Groups, count: number): Groups => {
  const last: Group[] = [];
  let from = start;
  let missing = count;
  for (const group of groups.toReversed()) {
    if (missing === 0) break;
    from = Math.max(group.start, group.end - missing);
    last.unshift({ start: from, end: group.end });
    missing -= group.end - from;
  }
  return { start: from, end, groups: last };
};
