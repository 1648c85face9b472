import { frozenMask } from './frozenMask.ts';
import { holdsCardNumber } from './holdsCardNumber.ts';

/**
 * Masks a text that holds a card number (I8). Any other text comes back as it is. The mask is that of the
 * first rule, so masking gives the same event id before and after it.
 * `'card 4111-1111-1111-1111'` → `'card ****-****-****-1111'`.
 */
export const maskCardNumbers = (text: string): string => (holdsCardNumber(text) ? frozenMask(text) : text);
