import { maskCardNumbers } from '../shared/masking/maskCardNumbers.ts';

/** For lines that come from elsewhere and are shown where no terminal says how wide it is. */
const LINE_CHARACTERS_MAX = 500;

/**
 * Cuts a line that a terminal would wrap, and marks the cut: `cutText('abcdef', 5)` is `abc…`.
 * It masks after the cut, because the first digits of a longer number may be a card number (I8).
 * @param columns the terminal's width. Default: that of standard error; without a terminal, 500.
 * @param head how many characters at the beginning are never masked, such as an id. Default: none.
 */
export const cutText = (
  line: string,
  columns = process.stderr.columns ?? LINE_CHARACTERS_MAX,
  head = 0,
): string => {
  // Some terminals wrap a line that fills their last column, so that one stays empty.
  if (columns < 1 || line.length < columns) return line;
  const cut = line.slice(0, columns - 2);
  return `${cut.slice(0, head)}${maskCardNumbers(cut.slice(head))}…`;
};
