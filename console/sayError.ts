import { toErrorText } from '../shared/masking/toErrorText.ts';

/** The text of an error as the page says it, with card numbers masked (I8). */
export const sayError = (error: unknown): string =>
  toErrorText(error instanceof Error ? error.message : 'something that is not an Error was thrown');
