/**
 * Splits at the commas that no bracket encloses.
 * `'a, map<b, c>, (d, e)'` → `['a', 'map<b, c>', '(d, e)']`.
 */
export const splitOutside = (text: string): string[] => {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    if ('(<'.includes(letter)) depth += 1;
    if (')>'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts.map((part) => part.trim());
};
