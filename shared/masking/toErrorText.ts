import { maskCardNumbers } from './maskCardNumbers.ts';

/**
 * Pub/Sub limits the value of an attribute to 1024 bytes:
 * https://cloud.google.com/pubsub/quotas#resource_limits. This many characters stay below that in any script.
 */
const ERROR_CHARACTERS_MAX = 250;

/**
 * Makes a text safe for an attribute, a table or a log line: masks card numbers (I8) and cuts it. It masks
 * again after the cut, because the first sixteen of twenty digits may be a card number even when all twenty
 * are not.
 * @param charactersMax the limit; 250 when left out.
 */
export const toErrorText = (text: string, charactersMax = ERROR_CHARACTERS_MAX): string =>
  maskCardNumbers(maskCardNumbers(text).slice(0, charactersMax));
