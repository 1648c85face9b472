import { maskCardNumbers } from './maskCardNumbers.ts';

/** Pub/Sub's limit for an attribute value is 1024 bytes; this many characters stay below it in any script. */
const ERROR_CHARACTERS_MAX = 250;

/**
 * An error text that may go into an attribute, a table or a log line: bounded and without card numbers (I8). Masked again once
 * it is cut, for the first sixteen of twenty digits may be a card number though the twenty are none.
 */
export const toErrorText = (text: string, charactersMax = ERROR_CHARACTERS_MAX): string =>
  maskCardNumbers(maskCardNumbers(text).slice(0, charactersMax));
