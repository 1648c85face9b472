/**
 * The first masking rule, frozen for ever. In a text that passes the Luhn check with 13 to 19 digits, all
 * digits except the last four are masked. Spaces and dashes may stand between the digits.
 *
 * The rule masks far more than card numbers, so it decides nothing any more: see `holdsCardNumber`. It stays
 * because event ids are taken over what it gives. A change here would give every event a second id.
 */

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
const DIGITS_SHOWN = 4;
/** Two groups of digits with more spaces or dashes than this between them are not one number. */
const SEPARATORS_MAX = 3;
/** Spaces, dashes (the minus sign looks like one) and invisible characters, such as the zero-width space. */
const SEPARATOR = String.raw`[\s\p{Pd}\p{Cf}\u2212]`;
const ONLY_SEPARATORS = new RegExp(`^${SEPARATOR}+$`, 'u');
/** As many digits as the shortest card number has, close to each other. Their check digit is not tested. */
const ENOUGH_DIGITS = new RegExp(`[0-9](?:${SEPARATOR}{0,${SEPARATORS_MAX}}[0-9]){${DIGITS_MIN - 1}}`, 'u');
const ZERO = 48;

/** A part of a text, `text.slice(start, end)`: one group of digits, or a card number of several groups. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether `text` has enough digits for a card number, close enough to each other. Nearly all texts do not.
 * This test finds that out in a fraction of the time that masking takes.
 */
export const mayHoldCardNumber = (text: string): boolean => ENOUGH_DIGITS.test(text);

/**
 * Masks every card number in `text`. A text without one comes back unchanged. The function makes one pass,
 * linear in the length, because a hostile message may be 10 MB of digits. Masking a second time changes
 * nothing; event ids rely on that. `'card 4111-1111-1111-1111'` → `'card ****-****-****-1111'`.
 */
export const frozenMask = (text: string): string => {
  if (!mayHoldCardNumber(text)) return text;
  const pieces: string[] = [];
  let copiedTo = 0;
  let searchedTo = 0;
  let run: Span[] = [];

  for (let group = nextGroup(text, 0); group !== undefined; group = nextGroup(text, searchedTo)) {
    searchedTo = group.end;
    if (!continuesRun(text, run.at(-1), group)) run = [];
    run.push(group);
    if (run.length > DIGITS_MAX) run.shift();
    const first = cardAtEndOf(text, run, group.end);
    if (first === undefined) continue;

    const card = widened(text, run, first);
    const shownFrom = startOfLastDigits(text, card.end);
    pieces.push(text.slice(copiedTo, card.start), text.slice(card.start, shownFrom).replace(/\d/g, '*'));
    copiedTo = shownFrom;
    // The four digits that stay are read again, because another card number may start with them.
    searchedTo = shownFrom;
    run = [];
  }
  return pieces.join('') + text.slice(copiedTo);
};

const isDigit = (text: string, index: number): boolean => {
  const digit = text.charCodeAt(index) - ZERO;
  return digit >= 0 && digit <= 9;
};

const nextGroup = (text: string, from: number): Span | undefined => {
  let start = from;
  while (start < text.length && !isDigit(text, start)) start += 1;
  if (start === text.length) return undefined;
  let end = start + 1;
  while (isDigit(text, end)) end += 1;
  return { start, end };
};

const continuesRun = (text: string, previous: Span | undefined, group: Span): boolean =>
  previous !== undefined &&
  group.start - previous.end <= SEPARATORS_MAX &&
  ONLY_SEPARATORS.test(text.slice(previous.end, group.start));

/**
 * The longest card number that the last groups of the run form. So the "2" of "2 4111 1111 1111 1111" does
 * not hide the card number behind it.
 */
const cardAtEndOf = (text: string, run: readonly Span[], end: number): Span | undefined => {
  let count = 0;
  let luhnSum = 0;
  let card: Span | undefined;
  for (let first = run.length - 1; first >= 0; first -= 1) {
    const group = run[first];
    if (group === undefined || count + group.end - group.start > DIGITS_MAX) break;
    for (let index = group.end - 1; index >= group.start; index -= 1) {
      luhnSum += luhnTerm(text.charCodeAt(index) - ZERO, count);
      count += 1;
    }
    if (count >= DIGITS_MIN && luhnSum % 10 === 0) card = { start: group.start, end };
  }
  return card;
};

/**
 * The longest card number that contains `card`, which stands at the end of the run. Often that is `card`
 * itself. But one in ten card numbers of 19 digits starts with 16 digits that are a card number too. Masking
 * only those 16 would show seven digits of the whole number.
 */
const widened = (text: string, run: readonly Span[], card: Span): Span => {
  const longer = [...run];
  let widest = card;
  let end = card.end;
  // The shortest card number has 13 digits, and each further group adds one or more: at most six can follow.
  for (let count = DIGITS_MIN; count < DIGITS_MAX; count += 1) {
    const next = nextGroup(text, end);
    if (next === undefined || !continuesRun(text, longer.at(-1), next)) break;
    longer.push(next);
    end = next.end;
    const found = cardAtEndOf(text, longer, end);
    if (found !== undefined && found.start <= widest.start) widest = found;
  }
  return widest;
};

/**
 * What a digit adds to the Luhn sum (ISO/IEC 7812-1, annex B). `(7, 0)` → 7; `(7, 1)` → 5.
 * @param fromRight 0 for the last digit, 1 for the one before it.
 */
const luhnTerm = (digit: number, fromRight: number): number => {
  if (fromRight % 2 === 0) return digit;
  return digit > 4 ? digit * 2 - 9 : digit * 2;
};

/** The index where the last four digits of a card number start that ends at `end`. */
const startOfLastDigits = (text: string, end: number): number => {
  let start = end;
  for (let missing = DIGITS_SHOWN; missing > 0;) {
    start -= 1;
    if (isDigit(text, start)) missing -= 1;
  }
  return start;
};
