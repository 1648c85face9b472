import { mayHoldCardNumber } from './frozenMask.ts';
import { isInIban } from './isInIban.ts';
import { passesLuhn } from './passesLuhn.ts';

/** The numbers of one card network: how they begin, and how many digits they have. */
interface Network {
  readonly prefix: RegExp;
  readonly lengths: readonly number[];
}

/**
 * Eight networks, by the issuer ranges that they publish: https://en.wikipedia.org/wiki/Payment_card_number.
 * Visa's numbers of 13 digits are left out, because none are issued any more and every tenth EAN-13 of some
 * countries looks like one.
 */
const NETWORKS: readonly Network[] = [
  /* Visa */ { prefix: /^4/, lengths: [16, 19] },
  /* Mastercard */ { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  /* American Express */ { prefix: /^3[47]/, lengths: [15] },
  /* Discover */ { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  /* Diners Club */ { prefix: /^(?:30[0-5]|3095|36|3[89])/, lengths: [14, 16] },
  /* JCB */ { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 19] },
  /* UnionPay */ { prefix: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  /* Maestro */ { prefix: /^(?:5018|5020|5038|5893|6304|6759|676[123])/, lengths: [16, 18, 19] },
];

/**
 * Spaces, dashes (the minus sign looks like one) and invisible characters, such as the zero-width space.
 * Three of them may stand together, as in `4111 - 1111 - 1111 - 1111`.
 */
const SEPARATOR = String.raw`[\s\p{Pd}\p{Cf}\u2212]{1,3}`;
const IN_ONE_PIECE = /(?<![0-9])[0-9]{14,19}(?![0-9])/g;
/** As cards are printed: groups of four, or 4-6-5 and 4-6-4, all with the same separator. */
const IN_GROUPS = [
  new RegExp(
    String.raw`(?<![0-9])[0-9]{4}(?<sign>${SEPARATOR})[0-9]{4}\k<sign>[0-9]{4}\k<sign>[0-9]{4}(?![0-9])(?<rest>\k<sign>[0-9]{1,3}(?![0-9]))?`,
    'gu',
  ),
  new RegExp(String.raw`(?<![0-9])[0-9]{4}(?<sign>${SEPARATOR})[0-9]{6}\k<sign>[0-9]{4,5}(?![0-9])`, 'gu'),
];
/**
 * The groups belong to a longer number: a group of four stands before the first one, with a digit in it. Of a
 * longer word that is so only behind a dash, as in a UUID. `Ref00017 4111 …` is a word, and then a card.
 */
const GROUP_BEFORE = new RegExp(
  String.raw`(?=[A-Za-z0-9]{0,3}[0-9])(?:(?<![\p{L}\p{N}_])[A-Za-z0-9]{4}${SEPARATOR}|[A-Za-z0-9]{4}\p{Pd})$`,
  'u',
);
/** A character, four more and a separator. Each character may need two places in a string, but the four. */
const GROUP_LENGTH_MAX = 12;

/**
 * Whether a text holds a card number (I8): an issuer's prefix, a length that this issuer has, the Luhn check,
 * no digit directly beside it, and separators as cards are written. It is linear in the length of the text.
 * `'card 4111-1111-1111-1111'` → `true`; `'1731000000009'`, a time in milliseconds → `false`.
 */
export const holdsCardNumber = (text: string): boolean =>
  mayHoldCardNumber(text) &&
  (holdsInOnePiece(text) || IN_GROUPS.some((groups) => holdsInGroups(text, groups)));

const isCardNumber = (digits: string): boolean =>
  NETWORKS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) &&
  passesLuhn(digits);

const holdsInOnePiece = (text: string): boolean =>
  text.matchAll(IN_ONE_PIECE).some(({ 0: digits, index }) => isCardNumber(digits) && !isInIban(text, index));

const holdsInGroups = (text: string, groups: RegExp): boolean => {
  groups.lastIndex = 0;
  for (let match = groups.exec(text); match !== null; match = groups.exec(text)) {
    const { index, 0: written, groups: parts } = match;
    const digits = digitsIn(written);
    const withoutRest = digitsIn(written.slice(0, written.length - (parts?.['rest']?.length ?? 0)));
    const isPart = GROUP_BEFORE.test(text.slice(Math.max(0, index - GROUP_LENGTH_MAX), index));
    if (!isPart && (isCardNumber(withoutRest) || isCardNumber(digits))) return true;
    // The next number may begin with the second group of this one.
    groups.lastIndex = index + 1;
  }
  return false;
};

const digitsIn = (written: string): string => written.replaceAll(/[^0-9]/g, '');
