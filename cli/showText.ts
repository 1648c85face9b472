/** Texts come from strangers: a character that a terminal would obey is shown by its number. */
export const showText = (text: string): string =>
  text.replaceAll(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
