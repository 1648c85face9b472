/**
 * Breaks a text between words, where a terminal would break it inside a word. A word that is longer than a
 * line stays whole, and so do the line breaks of the text. Each new line begins with `indent` blanks:
 * `wrapText('one two three', 9, 2)` is `one two\n  three`.
 * @param columns the terminal's width. Undefined: there is no terminal, and nothing is broken.
 */
export const wrapText = (text: string, columns: number | undefined, indent = 0): string =>
  columns === undefined || columns < 1
    ? text
    : text
        .split('\n')
        .map((line) => wrapLine(line, columns, indent))
        .join('\n');

const wrapLine = (line: string, columns: number, indent: number): string => {
  const [first = '', ...words] = line.split(' ');
  let wrapped = first;
  let width = first.length;
  for (const word of words) {
    // Some terminals wrap a line that fills their last column, so that one stays empty.
    const fits = width + 1 + word.length < columns;
    wrapped += fits ? ` ${word}` : `\n${' '.repeat(indent)}${word}`;
    width = (fits ? width + 1 : indent) + word.length;
  }
  return wrapped;
};
