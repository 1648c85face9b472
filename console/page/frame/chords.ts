/** By view: the letter that shows it after `g`. */
export const CHORDS: Readonly<Record<string, string>> = {
  overview: 'o',
  stream: 's',
  'dead-letters': 'd',
  order: 'r',
};
